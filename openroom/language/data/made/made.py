"""What is made for plain cards, by language."""

from __future__ import annotations

from collections.abc import Mapping

from openroom.language.data.made.de import GERMAN
from openroom.language.data.made.en import ENGLISH
from openroom.language.data.made.es import SPANISH
from openroom.language.data.made.ja import JAPANESE
from openroom.language.data.made.parts import Made
from openroom.language.data.made.zh import CHINESE

MADE: Mapping[str, Made] = {"en": ENGLISH, "de": GERMAN, "es": SPANISH, "zh": CHINESE, "ja": JAPANESE}
