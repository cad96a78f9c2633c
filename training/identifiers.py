"""The identifiers of HIPAA's Safe Harbor (45 CFR 164.514(b)(2)) and the shapes that clinic records write them in.

Knows nothing about files. Fingerprints and photographs, (P) and (Q), are no text: a record with attachments needs a person.
"""

from typing import NamedTuple

SAFE_HARBOR = {
    "NAME": "A",
    "PLACE": "B",
    "DATE": "C",
    "AGE": "C",
    "PHONE": "D",
    "FAX": "E",
    "EMAIL": "F",
    "SSN": "G",
    "MRN": "H",
    "HEALTH_PLAN": "I",
    "ACCOUNT": "J",
    "LICENCE": "K",
    "VEHICLE": "L",
    "DEVICE": "M",
    "URL": "N",
    "IP": "O",
    "USERNAME": "R",
    "ORGANISATION": "R",
    "ID": "R",
}
"""Each type that is taken out, with its paragraph. Employers and hospitals are (R): they narrow down who it is."""


class Shape(NamedTuple):
    type: str
    pattern: str


MONTH = (
    r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?:(?:18|19|20)\d\d|'\d\d)"
_CAP = r"(?:\p{Lu}[\p{L}’'-]+)"
_INITIAL = r"(?:\p{Lu}\.(?:\s?\p{Lu}\.)*)"
_NAMED = (
    rf"(?:{_CAP}|{_INITIAL})(?:\s(?:(?:de|la|van|von|der|bin|al|O['’])\s?)*(?:{_CAP}|{_INITIAL}|\p{{Lu}}\b)){{0,2}}"
)
_TITLE = (
    r"(?:Dr|Doctor|Mr|Mrs|Ms|Miss|Mx|Prof|Professor|Sir|Dame|Rev|Father|Sister|Nurse|Judge|Capt|Captain|Sgt|Lt)\b\.?"
)
_RELATION = (
    r"(?i:(?:my|his|her|their|our)\s(?:\w+\s)?(?:husband|wife|partner|son|daughter|mother|father|mom|mum|dad|brother"
    r"|sister|boyfriend|girlfriend|friend|neighbou?r|boss|aunt|uncle|grandson|granddaughter|carer|baby|doctor|nurse))"
)
_CALLED = (
    r"(?i:my name is|my name's|name:|patient name:?|named|called|known as|signed by|signed|attn:?|this is|patient|pt"
    r"|ask for|spoke (?:to|with)|seen by|referred by)"
)
_PLACED = (
    r"(?:Hospitals?|Hosp\b\.?|Clinics?|Medical (?:Cent(?:er|re)|Group|Plaza|Associates)|Med(?:ical|\.)? ?(?:Ctr|Center|Cent)\b\.?"
    r"|Infirmary|Surgery|Practice|Hospice|Pharmacy|Health(?:care)?(?: (?:System|Cent(?:er|re)|Care|Services|Partners))?"
    r"|Cancer (?:Cent(?:er|re)|Institute)|Heart (?:Cent(?:er|re)|Institute)|Nursing Home|Care Home|General|Memorial"
    r"|Community Cent(?:er|re)|Cent(?:er|re)|Institute|University|College|School|Church|Prison|Shelter|Ward|Presbyterian"
    r"|Methodist|Rehab(?:ilitation)?(?: Cent(?:er|re))?|Urgent Care|Trust|Sanatorium|Med\b\.?|ER\b|hospital|clinic)"
)
_CAPS = r"(?:\p{Lu}[\p{L}’'.-]*\p{L})"
_NO_PLACE = r"(?:ICU|ER|ED|BMI|OR|PCP|GP|IV|MI|CT|MRI|I|Day|Night|Home|Work|AHA|ACC|ADA|CDC|WHO|NICE|GOLD|FDA|NIH|USPSTF|Dr|Mr|Mrs|Ms)\b"
_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Place|Pl|Terrace|Close|Crescent|Square"
    r"|Sq|Parkway|Pkwy|Highway|Hwy|Circle|Gardens|Grove|Row|Mews|Hill)\b\.?"
)
_STATES = r"(?:A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY])"
_TOWN = r"(?:(?:St\.|Mt\.|Ft\.|New|Los|Las|San|Santa|El|Fort|Port|Saint|Salt|Lake|North|South|West|East)\s)?\p{Lu}[\p{L}]+(?:\s\p{Lu}\p{Ll}+)?"
_CODE = r"#?(?=[\w-]*\d)[A-Za-z0-9](?:[A-Za-z0-9]|[-/](?=[A-Za-z0-9])){2,24}\b"
_SAID = r"(?:\s?(?:no|num|number|nr|id|code)\b\.?)?(?:\s?(?:is|was|of)\b)?\s?[:=]?\s?"
_UNIT = (
    r"(?!\s?(?:mg|mcg|µg|g|kg|ml|mL|L|units?|IU|cells|copies|bpm|mm|cm|steps|calories|kcal|%|/|per\b|patients|people))"
)


def _after(label: str, value: str) -> str:
    return rf"(?<=\b(?i:{label}){_SAID}#?){value}"


SHAPES = (
    Shape("EMAIL", r"[\w.+%-]+\s?@\s?[\w-]+(?:\.[\w-]+)+"),
    Shape(
        "URL",
        r"(?i:\b(?:https?://|www\.)[^\s<>\")]+|\b[\w-]+\.(?:com|org|net|edu|gov|io|co\.uk|nhs\.uk)\b(?:/[^\s)]*)?)",
    ),
    Shape("IP", r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])"),
    Shape("IP", r"\b(?:[0-9a-fA-F]{1,4}:){4,7}[0-9a-fA-F]{1,4}\b"),
    Shape("DEVICE", r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b"),
    Shape("SSN", r"(?<![\d-])\d{3}[- ]\d{2}[- ]\d{4}(?![\d-])"),
    Shape("SSN", _after("ssn|social security|social", r"[\dXx*][\dXx* -]{2,10}\d")),
    Shape("FAX", _after("fax", r"\+?\(?\d[\d ().-]{5,18}\d")),
    Shape(
        "HEALTH_PLAN",
        _after(
            "insurance|plan|member|membership|policy|beneficiary|medicare|medicaid|subscriber|group|hpbn|hpn|insurance id|payer",
            _CODE,
        ),
    ),
    Shape(
        "MRN", _after("mrn|medical record|record|chart|nhs|hospital|emr|ehr|patient", _CODE.replace("{2,24}", "{3,24}"))
    ),
    Shape("MRN", _after("nhs", r"\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")),
    Shape("ACCOUNT", _after("account|acct|iban|card|invoice|billing|sort code", _CODE)),
    Shape("ACCOUNT", r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"),
    Shape("LICENCE", _after("licen[cs]e|certificate|cert|dea|npi|passport|registration|gmc", _CODE)),
    Shape(
        "VEHICLE",
        _after(
            "plate|vehicle|vin|registration plate|number plate|licen[cs]e plate", r"[A-Z0-9][A-Z0-9 -]{2,16}\d\w{0,4}"
        ),
    ),
    Shape("VEHICLE", r"\b(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-HJ-NPR-Z0-9]{17}\b"),
    Shape("DEVICE", _after("serial|device|imei|udi|pacemaker|implant|pump|lot|s/n|sn", _CODE)),
    Shape(
        "USERNAME",
        _after("username|user name|user|login|handle|instagram|twitter|skype|whatsapp", r"@?(?=\w*[\d._])[\w.]{3,30}"),
    ),
    Shape("USERNAME", r"(?<![\w.])@[A-Za-z_][\w.]{2,30}"),
    Shape(
        "ID",
        r"\b(?i:patient|site|case|member|study|client|person|record|chart) ?(?:id|no|number|#)\b\.?[ :#]*[A-Za-z0-9-]*\d[\w-]*",
    ),
    Shape(
        "ID",
        _after(
            "case|visit|encounter|ref|reference|claim|accession|site id|patient id|id|identifier|employee|study|trial",
            _CODE.replace("{2,24}", "{3,24}"),
        ),
    ),
    Shape("PHONE", r"(?<![\w.-])(?:\+|00)\d{1,3}[\s().-]{0,2}(?:\d[\s().-]{0,2}){6,12}\d(?!\w)"),
    Shape("PHONE", r"(?<![\w-])(?:1[ .-])?\(?\d{3}\)?[ .-]{1,2}\d{3}[ .-]\d{4}(?:\s?(?i:x|ext\.?)\s?\d+)?(?![\w-])"),
    Shape("PHONE", r"(?<![\w-])0\d{2,4}[ -]?\d{3,4}[ -]?\d{3,4}(?![\w-])"),
    Shape("PHONE", r"(?<![\w-])0\d(?:[ .-]?\d\d){4}(?![\w-])"),
    Shape(
        "PHONE",
        _after(
            "phone|tel|telephone|mobile|cell|call|reach(?:ed)? (?:me |him |her )?(?:at|on)|contact",
            r"\+?\(?\d[\d ().-]{5,18}\d",
        ),
    ),
    Shape("DATE", rf"{MONTH}\s?{_DAY}(?:\s?(?:-|–|to)\s?{_DAY})?(?:,?\s{{1,2}}(?:of\s)?{_YEAR})?\b"),
    Shape("DATE", rf"\b{_DAY}(?:\sof)?[\s-]{MONTH}(?:,?[\s-]{_YEAR})?\b"),
    Shape("DATE", rf"{MONTH},?\s(?:of\s)?{_YEAR}\b"),
    Shape("DATE", r"(?<![\d/.-])\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d\d)(?![\d/.-]*\d)"),
    Shape("DATE", r"(?<![\d/.-])(?:18|19|20)\d\d([/.-])\d{1,2}\1\d{1,2}(?!\d)"),
    Shape("DATE", r"(?<=\b(?i:on|since|dob:?|born|dated?:?)\s)(?:0?\d|1[0-2])/(?:[0-2]?\d|3[01])(?![\d/])"),
    Shape("AGE", r"\b(?:9\d|1[0-2]\d)(?=[\s-]{0,2}(?i:years?|yrs?|y/?o|yo)\b)"),
    Shape("AGE", r"(?<=\b(?i:aged?|i am|i'm|she is|he is|turned)\s)(?:9\d|1[0-2]\d)\b(?!\s?(?:%|kg|lb|mg|over|/))"),
    Shape(
        "PLACE",
        rf"\b\d{{1,5}}[A-Za-z]?\s(?:[NSEW]\.?\s)?(?:{_CAP}\s){{1,3}}{_STREET}(?:,?\s(?:Apt|Unit|Suite|Flat|#)\.?\s?\w+)?(?:,\s{_TOWN})?(?:,\s{_STATES}\b)?",
    ),
    Shape("PLACE", r"\b(?i:p\.?\s?o\.?\s?box)\s\d+"),
    Shape("PLACE", r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b"),
    Shape("PLACE", r"\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b"),
    Shape("PLACE", _after("zip|zip code|postcode|postal code", r"[A-Z0-9][A-Z0-9 -]{3,9}")),
    Shape("PLACE", rf"\b{_TOWN},\s{_STATES}\b(?:\s\d{{5}}(?:-\d{{4}})?)?"),
    Shape(
        "PLACE",
        rf"(?<=\b(?i:live|lives|living|lived|born|moved|resident|residing|resides) (?:in|at|to|near|from|of) ){_TOWN}",
    ),
    Shape(
        "ORGANISATION",
        rf"\b(?:(?:St|Mt)\.?\s)?(?:{_CAP}|\p{{Lu}}{{2,5}})(?:\s(?:(?:of|and|the|for|&)\s){{0,2}}(?:{_CAP}|\p{{Lu}}{{2,5}}))*\s{_PLACED}(?:,?\s(?:of|in|at)\s{_CAP})?",
    ),
    Shape(
        "ORGANISATION", rf"(?<=\b(?:at|from|@) (?:the |our )?)(?!{_NO_PLACE}){_CAPS}(?:\s(?:(?:of|and|&)\s)?{_CAPS})*"
    ),
    Shape(
        "ORGANISATION",
        rf"(?<=\b(?i:seen|treated|admitted|evaluated|hospitali[sz]ed|followed|visited|visiting|visit to|admission to|transferred to|referred to) (?:(?:in|by|to|the|our)\s)?)(?!{_NO_PLACE}){_CAPS}(?:\s(?:(?:of|and|&)\s)?{_CAPS})*",
    ),
    Shape(
        "PLACE",
        rf"\b(?:{_CAP}\s)+{_STREET}(?=\s|[,.?!;)])(?:,\s{_TOWN})?(?<!\s(?:Hill|Way|Close|Row|Place|Dr|Dr\.|St|St\.))",
    ),
    Shape("PLACE", r"\b(?:NYC|N\.Y\.C\.|SF|L\.A\.|Philly|Vegas|the Bronx|Brooklyn|Manhattan|Queens)\b"),
    Shape(
        "DATE",
        rf"\b(?i:last|this|next|early|late|mid|since|until|on) {MONTH}(?!\s(?:be|have|not|cause|need|help|also|I))",
    ),
    Shape("DATE", r"\b(?i:(?:last|this|next|on) (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"),
    Shape(
        "NAME",
        r"\b(?!(?:Vitamin|Hepatitis|Type|Group|Factor|Grade|Stage|Class|Child|Strep|Influenza|Phase|Part|Plan|Option|Protein|Antithrombin|Complement|Omega|Category|Score|Gram|Schedule|Level|Table|Unit|Hep|Step|Killip|Bipolar|Axis|Medicare|Covid|Was|Is|Am|Should|Can|Do|If|When|What|Yes|No|And|But|So)\b)\p{Lu}\p{Ll}{2,}\s\p{Lu}(?=[\s,;)?]|$)(?!\s(?:am|was|have|had|feel|felt|think|can|do|did|get|got|will|would|need))",
    ),
    Shape("ORGANISATION", rf"\b(?:St|Mt|Saint|Mount)\.?\s{_CAP}(?:\s{_CAP})*"),
    Shape(
        "ORGANISATION",
        rf"(?<=\b(?i:work|works|working|worked|employed|employee|job) (?:at|for|by|of|with) (?:the )?){_CAP}(?:\s(?:&\s)?{_CAP}){{0,3}}",
    ),
    Shape("NAME", rf"\b{_TITLE}\s{_NAMED}"),
    Shape("NAME", rf"(?<={_RELATION},?\s){_NAMED}"),
    Shape("NAME", rf"(?<=\b{_CALLED}\s){_NAMED}"),
    Shape(
        "NAME",
        r"(?<=\b(?i:my name is|my name's|i am called)\s)\p{L}[\p{L}'’-]+(?:\s(?!and\b|i\b|but\b)\p{L}[\p{L}'’-]+)?",
    ),
    Shape("NAME", r"\b\p{Lu}\p{Ll}+(?:[-’']\p{Lu}\p{Ll}+)?\s\p{Lu}\.(?!\w)(?:\s\p{Lu}\p{Ll}+)?"),
    Shape("NAME", r"\b(?:\p{Lu}\.\s?){1,2}\p{Lu}\p{Ll}{2,}"),
    Shape("ID", rf"(?<![\w.-])#?[A-Z]{{1,6}}-?\d{{4,}}(?:-\w+)*\b{_UNIT}"),
    Shape("ID", r"(?<![\w.-])#?[A-Z]{2,6}(?:-\d{2,}){2,}\b"),
    Shape("ID", r"(?<![\w.-])#\d{4,}\b"),
    Shape(
        "ID",
        rf"(?<![\w.,/-])\d{{2,}}(?:-\d{{2,}}){{1,3}}(?:-[A-Z]+)?(?![\w-]){_UNIT}(?<!\d{{2}}-\d{{2}})(?<!\d{{2}}-\d{{3}})(?<!\d{{3}}-\d{{3}})(?<!20\d\d-20\d\d)",
    ),
    Shape("ID", rf"(?<![\w.,/-])\d{{6,}}(?![\w,/]){_UNIT}"),
)
