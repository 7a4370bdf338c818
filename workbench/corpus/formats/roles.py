"""Sides by the words that tools use for roles. A reader whose tool uses them differently has its own table."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.domain.conversations import Side

_COMPANY = (
    "agent", "rep", "representative", "sales rep", "salesperson", "seller", "internal", "admin", "company", "host",
    "assistant", "bot", "chatbot", "ai", "therapist", "counselor", "counsellor", "advisor", "adviser", "operator",
    "employee", "support", "supervisor", "staff", "system agent", "human agent", "automated agent", "virtual agent",
    "custom bot", "csr", "consultant", "doctor", "teacher", "voice agent", "ai agent", "account executive", "sdr",
    "berater", "beraterin", "kundenberater", "kundenberaterin", "mitarbeiter", "mitarbeiterin", "agentin", "verkäufer",
    "verkäuferin", "conseiller", "conseillère", "téléconseiller", "téléconseillère", "vendeur", "vendeuse", "agente",
    "asesor", "asesora", "operador", "operadora", "ejecutivo", "ejecutiva", "vendedor", "vendedora", "atendente",
    "consultor", "consultora", "operatore", "operatrice", "consulente", "medewerker", "verkoper", "konsultant",
    "konsultantka", "temsilci", "müşteri temsilcisi", "handläggare", "säljare", "оператор", "менеджер", "агент",
    "担当者", "担当", "オペレーター", "オペレータ", "エージェント", "スタッフ", "営業", "坐席", "座席",
    "客服", "客服人员", "坐席人员", "销售", "상담원", "상담사", "الموظف", "الوكيل", "נציג",
)  # fmt: skip
_CUSTOMER = (
    "customer", "client", "caller", "external", "end-user", "end user", "enduser", "contact", "user", "lead",
    "visitor", "prospect", "buyer", "patient", "consumer", "guest", "requester", "student", "end customer",
    "kunde", "kundin", "anrufer", "anruferin", "interessent", "cliente", "clienta", "cliente final", "appelant",
    "klant", "klient", "klientka", "müşteri", "kund", "kunden", "клиент", "абонент", "покупатель", "お客様",
    "お客さま", "顧客", "客", "ユーザー", "客户", "客戶", "顾客", "用户", "고객", "고객님", "العميل", "לקוח",
)  # fmt: skip
_UNKNOWN = frozenset(
    {"", "uu", "unknown", "unknown speaker", "(unknown)", "none", "null", "n/a", "undefined", "unidentified", "<na>"}
)
SIDES = dict.fromkeys(_COMPANY, Side.COMPANY) | dict.fromkeys(_CUSTOMER, Side.CUSTOMER)
"""By folded word: in most tools "user" is the customer."""


def side_of(role: object) -> Side | None:
    """Return the side that a role means; None if it means none."""
    if not isinstance(role, str) or len(role) > 40:
        return None
    word = " ".join(role.strip().lower().replace("_", " ").split())
    return SIDES.get(word) or SIDES.get(word.replace(" ", ""))


def sides_of(speakers: Iterable[str | None]) -> dict[str, Side]:
    """Return the sides of speakers who are named by their role."""
    return {one: side for one in speakers if one and (side := side_of(one))}


def known_speaker(value: object) -> str | None:
    """Return a speaker as text; None if the file says that the speaker is unknown."""
    if isinstance(value, bool) or value is None:
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    text = " ".join(text.split())
    return None if text.lower() in _UNKNOWN else text
