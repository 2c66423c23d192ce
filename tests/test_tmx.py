"""digest/tmx.py: corrections as TMX, and whatever else calls itself so."""

import io
import time
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.tmx import LARGEST, TMXError, Unit, read, write

AT = datetime(2026, 5, 12, 6, 30, tzinfo=UTC)
COST = Unit("The cost is <v0> & <v1>.", "代价为<v1>和<v0>。", "zh-Hans", "alice", AT)


def written(*units: Unit) -> bytes:
    out = io.StringIO()
    assert write(units, out) == len(units)
    return out.getvalue().encode()


def document(body: str, head: str = '<header srclang="en"/>', before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<tmx version="1.4">{head}<body>{body}</body></tmx>'.encode()


def unit(english: str, other: str, language: str = "zh-CN", source: str = "en") -> str:
    return (
        f'<tu><tuv xml:lang="{source}"><seg>{english}</seg></tuv>'
        f'<tuv xml:lang="{language}"><seg>{other}</seg></tuv></tu>'
    )


def texts(content: bytes) -> list[tuple[str, str, str]]:
    return [(u.source, u.text, u.language) for u in read(content)[0]]


# --- out and in -------------------------------------------------------------------------------


def test_what_is_written_is_read():
    assert read(written(COST)) == ([COST], 0)


def test_what_a_model_did_says_so():
    made = Unit("A robot.", "机器人。", "zh-Hans", at=AT, model="nllb#00000001")
    assert read(written(made)) == ([made], 0)


line = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1).filter(
    lambda t: "v" not in t.lower()
)


@given(
    st.lists(
        st.builds(Unit, line, line, st.sampled_from(["zh-Hans", "zh-Hant", "ja", "fr", "ar"])), max_size=3
    )
)
def test_whatever_stands_in_a_text_comes_back(units):
    assert read(written(*units)) == (units, 0)


def test_what_is_written_is_tmx():
    root = ElementTree.fromstring(written(COST))
    assert (root.tag, root.get("version")) == ("tmx", "1.4")
    required = {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"}
    assert required <= set(root.find("header").attrib)
    (tu,) = root.findall("body/tu")
    assert tu.attrib == {"creationid": "alice", "creationdate": "20260512T063000Z"}
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [tuv.get(language) for tuv in tu.findall("tuv")] == ["en", "zh-Hans"]
    assert [ph.get("x") for ph in tu.findall("tuv/seg/ph")] == ["1", "2", "2", "1"]


def test_a_time_of_another_zone_is_written_in_utc():
    from zoneinfo import ZoneInfo

    there = AT.astimezone(ZoneInfo("Asia/Shanghai"))
    assert b'creationdate="20260512T063000Z"' in written(Unit("A.", "甲。", "zh-Hans", at=there))


def test_a_placeholder_as_a_model_writes_it_is_one():
    assert read(written(Unit("By <v0>.", "用＜ v0 ＞。", "zh-Hans")))[0][0].text == "用<v0>。"


def test_signs_that_xml_does_not_have_are_dropped():
    assert texts(written(Unit("A\x00 \x1brobot.", "机器人。", "zh-Hans"))) == [
        ("A robot.", "机器人。", "zh-Hans")
    ]


def test_nothing_is_a_document_too():
    assert read(written()) == ([], 0)


def test_a_document_is_written_in_utf8_whatever_takes_it():
    out = io.BytesIO()
    write([COST], out)
    assert out.getvalue().startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert read(out.getvalue()) == ([COST], 0)


# --- documents of other tools -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "language"),
    [("zh-CN", "zh-Hans"), ("ZH-TW", "zh-Hant"), ("zh", "zh-Hans"), ("zh_Hans", "zh-Hans"), ("de-AT", "de"),
     ("fr-FR", "fr"), ("pt-BR", "pt"), ("JA", "ja"), ("zh-Hans-CN", "zh-Hans")],
)  # fmt: skip
def test_languages_are_known_as_others_write_them(code, language):
    assert texts(document(unit("A robot.", "甲", code))) == [("A robot.", "甲", language)]


@pytest.mark.parametrize("source", ["en", "EN-US", "en_GB", "en-gb"])
def test_english_is_known_as_others_write_it(source):
    assert len(texts(document(unit("A robot.", "机器人。", source=source)))) == 1


def test_the_attribute_of_old_documents_is_known():
    body = '<tu><tuv lang="EN"><seg>A robot.</seg></tuv><tuv lang="ZH-CN"><seg>机器人。</seg></tuv></tu>'
    assert texts(document(body)) == [("A robot.", "机器人。", "zh-Hans")]


def test_a_unit_of_several_languages_is_several():
    body = unit("A robot.", "机器人。").replace(
        "</tu>", '<tuv xml:lang="ja"><seg>ロボット。</seg></tuv></tu>'
    )
    assert [language for *_, language in texts(document(body))] == ["zh-Hans", "ja"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_encodings_that_xml_knows_are_read(encoding):
    name = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    text = (
        f'<?xml version="1.0" encoding="{name}"?><tmx><body>{unit("A café.", "Un café.", "fr")}</body></tmx>'
    )
    assert texts(text.encode(encoding)) == [("A café.", "Un café.", "fr")]


def test_a_doctype_without_declarations_is_well():
    content = document(unit("A robot.", "机器人。"), before='<!DOCTYPE tmx SYSTEM "tmx14.dtd">')
    assert len(texts(content)) == 1


def test_a_document_without_a_header_is_read():
    assert len(texts(document(unit("A robot.", "机器人。"), head=""))) == 1


def test_text_in_a_highlight_is_text():
    assert texts(document(unit("A <hi>robot</hi>.", "机器人。")))[0][0] == "A robot."


def test_a_time_that_is_none_is_left_out():
    body = unit("A robot.", "机器人。").replace("<tu>", '<tu creationid="x" creationdate="yesterday">')
    assert read(document(body))[0] == [Unit("A robot.", "机器人。", "zh-Hans", "x")]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(unit("A robot.", "Robot.", "x-klingon"), id="a language that nobody reads"),
        pytest.param(unit("Ein Roboter.", "机器人。", source="de"), id="not from English"),
        pytest.param(unit("A robot.", "A robot.", "en-GB"), id="into English"),
        pytest.param(unit("", "机器人。"), id="no source"),
        pytest.param(unit("A robot.", " "), id="no translation"),
        pytest.param('<tu><tuv xml:lang="en"><seg>A.</seg></tuv></tu>', id="one language"),
        pytest.param("<tu><tuv><seg>A.</seg></tuv><tuv><seg>甲</seg></tuv></tu>", id="no language"),
        pytest.param(unit('By <ph x="1"/>.', "用。"), id="a placeholder lost"),
        pytest.param(unit("By it.", '用<ph x="1"/>。'), id="a placeholder invented"),
        pytest.param(unit('By <ph x="1"/>.', '用<ph x="1"/><ph x="1"/>。'), id="a placeholder doubled"),
        pytest.param(
            unit('<ph x="1"/> A <ph x="1"/>', '<ph x="1"/>甲<ph x="1"/>'), id="one twice on both sides"
        ),
        pytest.param(unit('By <ph x="3"/>.', '用<ph x="3"/>。'), id="numbers of its own"),
        pytest.param(unit('By <ph x="0"/>.', '用<ph x="0"/>。'), id="number 0"),
        pytest.param(unit(f'By <ph x="{"9" * 5000}"/>.', "用。"), id="a number of 5,000 digits"),
        pytest.param(unit("By <ph>{1}</ph>.", "用<ph>{1}</ph>。"), id="another tool's placeholder"),
        pytest.param(unit('By <ph x="1">%s</ph>.', '用<ph x="1">%s</ph>。'), id="one that holds a code"),
        pytest.param(unit('<bpt i="1">&lt;b></bpt>A', '<bpt i="1">&lt;b></bpt>甲'), id="another tool's tags"),
        pytest.param(unit("By &lt;v0&gt;.", "用&lt;v0&gt;。"), id="a placeholder that was typed"),
        pytest.param(unit('By <ph x="1"/>.', "用&lt;v0&gt;。"), id="typed on one side"),
    ],
)
def test_what_can_not_be_used_is_left_out_and_counted(body):
    units, left_out = read(document(body + unit("A dog.", "狗。")))
    assert ([u.source for u in units], left_out) == (["A dog."], 1)


# --- what is no TMX ---------------------------------------------------------------------------

LAUGHS = '<!DOCTYPE tmx [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]>"  # fmt: skip


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"", "not a TMX document", id="nothing"),
        pytest.param(b"source\ttarget\n", "not a TMX document", id="not XML"),
        pytest.param(b"PK\x03\x04" + bytes(100), "not a TMX document", id="a zip"),
        pytest.param(b"<html><tmx/></html>", "not a TMX document", id="not TMX"),
        pytest.param(document(unit("A", "甲"))[:-20], "not a TMX document", id="cut off"),
        pytest.param(
            "<tmx>é</tmx>".encode("latin-1"), "not a TMX document", id="not the encoding that it says"
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="x-no"?><tmx/>', "not a TMX document", id="no such encoding"
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="gb18030"?><tmx/>', "not a TMX", id="not expat's encoding"
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="hex"?><tmx/>', "not a TMX", id="an encoding that is none"
        ),
        pytest.param(document(unit("&j;", "甲"), before=LAUGHS), "declares entities", id="billion laughs"),
        pytest.param(
            document(unit("&x;", "甲"), before='<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
            "declares entities",
            id="an external entity",
        ),
        pytest.param(
            document("", before='<!DOCTYPE tmx [<!ENTITY % x SYSTEM "http://127.0.0.1/"> %x;]>'),
            "declares entities",
            id="a parameter entity",
        ),
        pytest.param(document(unit("&nosuch;", "甲")), "not a TMX document", id="an entity of nobody"),
        pytest.param(b" " * (40 * 2**20), "larger than 33,554,432 bytes", id="40 MB"),
    ],
)
def test_what_is_no_tmx_is_refused(content, why):
    with pytest.raises(TMXError, match=why):
        read(content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(document(unit("a\n" * 500_000, "甲")), id="a sentence of a million signs"),
        pytest.param(document("<x>" * 100_000 + "</x>" * 100_000), id="100,000 elements inside each other"),
        pytest.param(document(unit("A.", "甲") * 20_000), id="20,000 units"),
        pytest.param(document("<tu" + "".join(f" a{n}=''" for n in range(20_000)) + "/>"), id="20,000 facts"),
    ],
)
def test_a_hostile_document_takes_no_time(content):
    assert len(content) <= LARGEST
    began = time.process_time()
    read(content)
    assert time.process_time() - began < 5
