"""Shortened words, whose full stop ends no sentence: of all our languages at once, since a line may mix them and none
of these is a word of another."""

from __future__ import annotations

from openroom.language.data.tongue import words

TITLES = words(
    "mr mrs ms mx messrs mme dr drs prof rev hon capt cmdr col sgt maj gov hr hrn fr frl dipl ing sr sra srta sres dra "
    "dña gral"
)
"""A name follows."""
BEFORE_NUMBERS = words(
    "no nos nr nrn núm vol pp fig abb bd kap art pág págs tel ext jan feb aug sept okt nov dez dec ene abr ago dic"
)
"""A number follows; without one these are words, or end a sentence."""
SHORTENED = words(
    "st mt ft ave blvd jr etc vs inc ltd corp approx dept esq gen lt sen rep bzw ca evtl ggf inkl exkl zzgl usw usf "
    "vgl str mio mrd tsd sog geb gest verh bspw allg ud uds vd vds std avda aprox ej cía ee uu"
)
"""A sentence may end with them."""
BEFORE_ORDINALS = words("der die das dem den des am im zum zur vom beim bis ab und jeden jeder jedes seit")
"""Behind these a number with a full stop is an ordinal (German: "am 3. Mai")."""
MONTHS = words("januar februar märz april mai juni juli august september oktober november dezember jahrhundert")
