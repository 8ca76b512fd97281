"""The languages whose words are known: English in full; German, Spanish, Chinese and Japanese in outline."""

from __future__ import annotations

from collections.abc import Mapping

from openroom.language.data.de import GERMAN
from openroom.language.data.en import ENGLISH
from openroom.language.data.es import SPANISH
from openroom.language.data.ja import JAPANESE
from openroom.language.data.tongue import Tongue
from openroom.language.data.zh import CHINESE

TONGUES: Mapping[str, Tongue] = {"en": ENGLISH, "de": GERMAN, "es": SPANISH, "zh": CHINESE, "ja": JAPANESE}
