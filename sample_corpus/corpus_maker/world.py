"""The invented world: Tallyfern (order software for wholesalers), its people, its customers."""

from __future__ import annotations

from dataclasses import dataclass, field


def _names(text: str) -> list[str]:
    return text.split()


PRODUCTS = ("Orders", "Pricing", "Approvals", "Returns", "Portal")
RIVALS = ("Ordanza", "Quillstack", "Norvello", "Brixmere", "Kanturo", "Sendwell")
LEDGERS = ("Ledgerline", "Corvanta", "Balansa", "Zahlwerk", "Finmora")
ROLES = ("CFO", "managing director", "operations director", "finance director")
STAGES = ("Prospecting", "Discovery", "Demo", "Proposal", "Negotiation", "Contract")


@dataclass(frozen=True)
class Trade:
    """What an account deals in; keeps the words of a call together."""

    industry: str
    goods: str
    unit: str
    unit1: str
    buyers: str
    buyers1: str
    season: str


@dataclass(frozen=True)
class Rep:
    """One person of the company. `notice`, `steps` and `discounts` shift how often they do a thing."""

    name: str
    team: str
    notice: float = 0.0
    steps: float = 0.0
    discounts: float = 1.0
    languages: tuple[str, ...] = ("en",)

    @property
    def first(self) -> str:
        return self.name.split(" ")[0]


@dataclass(frozen=True)
class Account:
    """One customer or prospect."""

    name: str
    city: str
    region: str
    trade: Trade
    language: str
    contacts: tuple[str, ...]
    rival: str
    rival2: str
    rival3: str
    ledger: str
    boss: str
    product: str
    product2: str
    seats: int
    amount: int
    customer_since_start: bool
    sales_rep: Rep = field(repr=False)
    success_rep: Rep = field(repr=False)


TRADES = {
    "food": Trade(
        "Food wholesale",
        "chilled food",
        "crates",
        "crate",
        "restaurants",
        "a restaurant",
        "the Christmas weeks",
    ),
    "build": Trade(
        "Building materials",
        "building materials",
        "pallets",
        "pallet",
        "builders",
        "a builder",
        "the spring season",
    ),
    "electro": Trade(
        "Electrical parts",
        "electrical parts",
        "boxes",
        "box",
        "electricians",
        "an electrician",
        "the autumn rush",
    ),
    "medical": Trade("Medical supplies", "medical supplies", "cartons", "carton", "clinics", "a clinic", "flu season"),
    "textile": Trade("Textiles", "workwear", "bales", "bale", "laundries", "a laundry", "the winter season"),
    "auto": Trade("Automotive parts", "spare parts", "boxes", "box", "garages", "a garage", "tyre season"),
    "drinks": Trade("Beverages", "drinks", "kegs", "keg", "bars", "a bar", "the festival months"),
    "office": Trade(
        "Office supplies",
        "office supplies",
        "parcels",
        "parcel",
        "schools",
        "a school",
        "the back-to-school weeks",
    ),
    "garden": Trade(
        "Garden supplies",
        "garden supplies",
        "trolleys",
        "trolley",
        "garden centres",
        "a garden centre",
        "the planting season",
    ),
}

# One account a line: name; city; region; trade. Languages follow the region.
ACCOUNTS = """
Harrow Fresh Foods; Leeds; UK; food
Kestrel Provisions; Bristol; UK; food
Oakmoor Catering Supply; Norwich; UK; food
Saltmarsh Foods; Hull; UK; food
Pennine Larder; Sheffield; UK; food
Castlebridge Timber; Derby; UK; build
Wexholm Building Supply; Reading; UK; build
Granite and Sons; Aberdeen; UK; build
Fenland Bricks; Cambridge; UK; build
Tollgate Roofing Supply; Exeter; UK; build
Brightwell Electrical; Coventry; UK; electro
Ampere House; Swindon; UK; electro
Northgate Cable; Preston; UK; electro
Linden Medical; Oxford; UK; medical
Calder Clinic Supply; Glasgow; UK; medical
Wharfside Surgical; Plymouth; UK; medical
Ravensdale Workwear; Bolton; UK; textile
Millhand Textiles; Bradford; UK; textile
Axlebrook Parts; Luton; UK; auto
Corner Garage Supply; Dundee; UK; auto
Fairlead Motor Factors; Swansea; UK; auto
Barrel and Tap; York; UK; drinks
Hopfield Drinks; Burton; UK; drinks
Quayside Beverages; Newcastle; UK; drinks
Papermill Direct; Watford; UK; office
Inkwell Office; Chester; UK; office
Greenbarrow; Taunton; UK; garden
Sundial Nurseries; Worcester; UK; garden
Emerald Coast Foods; Cork; Ireland; food
Liffey Building Supply; Dublin; Ireland; build
Shannon Electrical; Limerick; Ireland; electro
Galway Garden Trade; Galway; Ireland; garden
Claddagh Medical; Galway; Ireland; medical
Polder Foods; Utrecht; Benelux; food
Van Rooden Bouwstoffen; Breda; Benelux; build
Scheldt Parts; Antwerp; Benelux; auto
Tulip Office Trade; Haarlem; Benelux; office
Ardenne Drinks; Namur; Benelux; drinks
Fjordkost; Bergen; Nordics; food
Nordlys Elektro; Oslo; Nordics; electro
Malmö Trä; Malmö; Nordics; build
Havnens Drikke; Aarhus; Nordics; drinks
Sisu Parts; Turku; Nordics; auto
Birka Textil; Uppsala; Nordics; textile
Lakeshore Foodservice; Hamilton; North America; food
Maple Ridge Supply; Ottawa; North America; build
Ironwood Electric; Buffalo; North America; electro
Prairie Medical; Winnipeg; North America; medical
Tidewater Parts; Norfolk; North America; auto
Blue Heron Office; Portland; North America; office
Copper Kettle Drinks; Madison; North America; drinks
Juniper Garden Trade; Boise; North America; garden
Almacenes Roble; Valencia; Iberia; build
Frescos del Turia; Valencia; Iberia; food
Recambios Montes; Zaragoza; Iberia; auto
Suministros Aldea; Bilbao; Iberia; electro
Bebidas La Fuente; Sevilla; Iberia; drinks
Hofmann Elektrogroßhandel; Kassel; DACH; electro
Lindner Baustoffe; Ulm; DACH; build
Feinkost Brandt; Bremen; DACH; food
Praxisbedarf Seidel; Leipzig; DACH; medical
Autoteile Krüger; Dortmund; DACH; auto
""".strip()

REPS = (
    Rep("Nadia Ferris", "Sales North", 0.15, 0.15, 0.6),
    Rep("Tom Abernathy", "Sales North", -0.1, 0.05, 0.8),
    Rep("Ingrid Solheim", "Sales North", 0.2, 0.1, 0.5, ("en", "de")),
    Rep("Callum Reid", "Sales North", 0.0, -0.05, 0.7),
    Rep("Joel Amado", "Sales South", -0.2, -0.15, 1.9, ("en", "es")),
    Rep("Priya Nair", "Sales South", 0.05, 0.0, 1.3),
    Rep("Ben Whitlock", "Sales South", -0.25, -0.2, 2.1),
    Rep("Sofia Lamas", "Sales South", -0.05, -0.05, 1.5, ("en", "es")),
    Rep("Erin Gallagher", "Customer Success", 0.1, 0.2, 0.7),
    Rep("Matteo Ricci", "Customer Success", -0.05, 0.1, 0.9, ("en", "es")),
    Rep("Hanne Vogt", "Customer Success", 0.15, 0.15, 0.6, ("en", "de")),
    Rep("Dev Patel", "Support", 0.1, 0.0),
    Rep("Ruth Okoro", "Support", 0.2, 0.05),
    Rep("Lars Brenner", "Support", -0.1, -0.1, 1.0, ("en", "de")),
    Rep("Carmen Ortiz", "Support", 0.05, 0.0, 1.0, ("en", "es")),
    Rep("Will Tanner", "Support", -0.3, -0.15),
)
ENGINEERS = ("Mirela Popescu", "Olaf Nyberg", "Grace Lim", "Pieter Claes")

FIRST = {
    "en": _names("""Dana Martin Helen Oliver Fiona Greg Lucy Stuart Amara Neil Beth Declan Moira Simon Tess
        Rob Yasmin Colin Jenny Hamish Laura Ewan Kirsty Paul Anita Derek Sally Vikram Gwen Marcus
        Orla Bram Liv Erik Astrid Wendy Curtis Janelle Todd Renee"""),
    "es": _names("""Lucía Javier Carmen Álvaro Elena Rafael Marta Sergio Pilar Andrés Inés Hugo"""),
    "de": _names("""Katrin Jürgen Sabine Torsten Anja Uwe Birgit Florian Heike Stefan Monika Jens"""),
}
LAST = {
    "en": _names("""Holt Barnes Whitaker Doyle Pryce Lang Mercer Addo Fraser Boyd Nolan Keane Ashworth Dunn
        Osei Hale Rowe Carver Bright Sutton Visser Lund Berg Moss Tyrell"""),
    "es": _names("""Navarro Campos Ibáñez Serrano Molina Vega Prieto Gallego Romero Soler"""),
    "de": _names("""Becker Wolf Schreiber Kühn Lorenz Pohl Winter Brandt Engel Arnold"""),
}
REGION_LANGUAGE = {"Iberia": "es", "DACH": "de"}
DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"),
}
MONTHS = {
    "en": _names("""January February March April May June July August September October November December"""),
    "es": _names("""enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"""),
    "de": _names("""Januar Februar März April Mai Juni Juli August September Oktober November Dezember"""),
}
