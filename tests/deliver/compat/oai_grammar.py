"""What the schema of OAI-PMH 2.0 asks of replies, and that of oai_dc of metadata, in words of ours."""

from lxml import etree

OAI = "http://www.openarchives.org/OAI/2.0/"
_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_DC = "http://purl.org/dc/elements/1.1/"
_XSI = '<attribute name="schemaLocation" ns="http://www.w3.org/2001/XMLSchema-instance"/>'
_SECOND = r'<data type="string"><param name="pattern">\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ</param></data>'
_URI = r'<data type="anyURI"><param name="pattern">[a-zA-Z]+:[^\s]+</param></data>'
_SET = r"""<data type="string"><param name="pattern">[\w_\-.!~*'()]+(:[\w_\-.!~*'()]+)*</param></data>"""
_TEXT, _WORD = "<text/>", '<data type="string"><param name="minLength">1</param></data>'
_ERRORS = (
    "cannotDisseminateFormat", "idDoesNotExist", "badArgument", "badVerb", "noMetadataFormats",
    "noRecordsMatch", "badResumptionToken", "noSetHierarchy",
)  # fmt: skip
_ASKED = ("verb", "identifier", "metadataPrefix", "from", "until", "set", "resumptionToken")
_NAMES = (
    "title", "creator", "subject", "description", "publisher", "contributor", "date", "type", "format",
    "identifier", "source", "language", "relation", "coverage", "rights",
)  # fmt: skip


def _element(name: str, *content: str) -> str:
    return f'<element name="{name}">{"".join(content) or "<empty/>"}</element>'


def _attribute(name: str, content: str = _TEXT) -> str:
    return f'<optional><attribute name="{name}">{content}</attribute></optional>'


def _some(content: str) -> str:
    return f"<oneOrMore>{content}</oneOrMore>"


def _many(content: str) -> str:
    return f"<zeroOrMore>{content}</zeroOrMore>"


def _either(*contents: str) -> str:
    return f"<choice>{''.join(contents)}</choice>"


_ANY = (
    '<define name="any"><element><anyName/><zeroOrMore><choice><attribute><anyName/></attribute><text/>'
    '<ref name="any"/></choice></zeroOrMore></element></define>'
)
_DUBLIN_CORE = (
    f'<element name="dc" ns="{_OAI_DC}">{_XSI}'
    + _many(_either(*(f'<element name="{name}" ns="{_DC}"><text/></element>' for name in _NAMES)))
    + "</element>"
)
_OTHER = (
    f'<element><anyName><except><nsName ns="{OAI}"/><nsName ns="{_OAI_DC}"/></except></anyName>{_XSI}'
    + ('<zeroOrMore><ref name="any"/></zeroOrMore></element>')
)
_HEADER = _element(
    "header",
    _attribute("status", "<value>deleted</value>"),
    _element("identifier", _URI),
    _element("datestamp", _SECOND),
    _many(_element("setSpec", _SET)),
)
_RECORD = _element(
    "record", _HEADER, f"<optional>{_element('metadata', _either(_DUBLIN_CORE, _OTHER))}</optional>"
)
_TOKEN = (
    "<optional>"
    + _element(
        "resumptionToken",
        _attribute("completeListSize", '<data type="positiveInteger"/>'),
        _attribute("cursor", '<data type="nonNegativeInteger"/>'),
        _TEXT,
    )
    + "</optional>"
)
_FORMAT = _element(
    "metadataFormat",
    _element("metadataPrefix", r'<data type="string"><param name="pattern">[\w_\-.!~*()]+</param></data>'),
    _element("schema", _URI),
    _element("metadataNamespace", _URI),
)
_IDENTIFY = (
    _element("repositoryName", _WORD),
    _element("baseURL", _URI),
    _element("protocolVersion", "<value>2.0</value>"),
    _some(
        _element("adminEmail", r'<data type="string"><param name="pattern">\S+@(\S+\.)+\S+</param></data>')
    ),
    _element("earliestDatestamp", _SECOND),
    _element("deletedRecord", "<value>persistent</value>"),
    _element("granularity", "<value>YYYY-MM-DDThh:mm:ssZ</value>"),
)
_VERBS = (
    _element("Identify", *_IDENTIFY),
    _element("ListMetadataFormats", _some(_FORMAT)),
    _element("ListSets", _some(_element("set", _element("setSpec", _SET), _element("setName", _WORD)))),
    _element("GetRecord", _RECORD),
    _element("ListIdentifiers", _some(_HEADER), _TOKEN),
    _element("ListRecords", _some(_RECORD), _TOKEN),
)
_CODE = f'<attribute name="code">{_either(*(f"<value>{code}</value>" for code in _ERRORS))}</attribute>'
_REPLY = _element(
    "OAI-PMH",
    _XSI,
    _element("responseDate", _SECOND),
    _element("request", *(_attribute(name) for name in _ASKED), _URI),
    _either(_some(_element("error", _CODE, _TEXT)), *_VERBS),
)
_GRAMMAR = etree.RelaxNG(
    etree.fromstring(
        f'<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="{OAI}" '
        'datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">'
        f"<start>{_REPLY}</start>{_ANY}</grammar>"
    )
)


def check_oai(document: bytes) -> None:
    _GRAMMAR.assertValid(etree.fromstring(document))
