"""What a defence desk wants to be warned of on its first day. From then on the rules are the sub-editors' own."""

from django.db import migrations

KNOWN = "HMS USS RFA SAS SBS UK US USA EU UN NATO BBC MP MPs GPS NHS PM TV RAF MOD CEO AI PDF"
EXPANDED = {
    "CENTCOM": "US Central Command",
    "CJTF": "Combined Joint Task Force",
    "EOD": "explosive ordnance disposal",
    "FOB": "forward operating base",
    "HIMARS": "High Mobility Artillery Rocket System",
    "IDF": "Israel Defense Forces",
    "IED": "improvised explosive device",
    "IRGC": "Islamic Revolutionary Guard Corps",
    "ISR": "intelligence, surveillance and reconnaissance",
    "JEF": "Joint Expeditionary Force",
    "MANPADS": "man-portable air-defence system",
    "NCO": "non-commissioned officer",
    "PLA": "People’s Liberation Army",
    "SACEUR": "Supreme Allied Commander Europe",
    "UAV": "uncrewed aerial vehicle",
    "UKMTO": "United Kingdom Maritime Trade Operations",
}
RANKS = {
    "Brig": "Brigadier",
    "Capt": "Captain",
    "Cdr": "Commander",
    "Col": "Colonel",
    "Cpl": "Corporal",
    "Flt Lt": "Flight Lieutenant",
    "Gen": "General",
    "Gp Capt": "Group Captain",
    "LCpl": "Lance Corporal",
    "Lt Col": "Lieutenant Colonel",
    "Lt Gen": "Lieutenant General",
    "Maj": "Major",
    "Maj Gen": "Major General",
    "Pte": "Private",
    "Sgt": "Sergeant",
    "Sqn Ldr": "Squadron Leader",
    "WO1": "Warrant Officer Class One",
    "WO2": "Warrant Officer Class Two",
    "Wg Cdr": "Wing Commander",
}
DATES = (
    *("today", "yesterday", "tomorrow", "tonight", "this week", "last week", "next week"),
    *("this month", "last month", "next month", "this year", "last year", "next year"),
)
WORDING = {
    "the HMS *": ("", "HMS means Her or His Majesty’s Ship: a ship’s name takes no “the” before it."),
    "HMS ship": ("", "The S in HMS is the ship."),
    "surgical strike": ("", "It is a word of those who strike. Say what was hit."),
    "collateral damage": ("", "Say who was killed or hurt, or what was destroyed."),
    "neutralised": ("killed, captured or destroyed", "Say what happened."),
    "neutralized": ("killed, captured or destroyed", "Say what happened."),
    "boots on the ground": ("troops", ""),
    "at this moment in time": ("now", ""),
    "unmanned": ("uncrewed", ""),
    "mum": ("mother", ""),
    "knots per hour": ("knots", "A knot is a speed already."),
    "million millions": ("", "One of the two is too many."),
}


def lay_down(apps, schema_editor):
    rule = apps.get_model("articles", "HouseRule")
    rows = [rule(kind="acronym", text=text) for text in KNOWN.split()]
    rows += [rule(kind="acronym", text=text, expansion=full) for text, full in EXPANDED.items()]
    rows += [rule(kind="rank", text=text, expansion=full) for text, full in RANKS.items()]
    rows += [rule(kind="date", text=text) for text in DATES]
    rows += [rule(kind="wording", text=text, expansion=full, advice=why) for text, (full, why) in WORDING.items()]
    rule.objects.using(schema_editor.connection.alias).bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_typos")]

    operations = [migrations.RunPython(lay_down, migrations.RunPython.noop)]
