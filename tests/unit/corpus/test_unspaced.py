"""Sentences of languages without spaces, as their speakers would divide them, whatever language the call states."""

from __future__ import annotations

import pytest

from workbench.corpus.sentences import spans


@pytest.mark.parametrize(
    "sentences",
    [
        "今日は天気がいいですね。|そうですね！|値段が高すぎます。|えっ？|はい｡|いいえ",
        "彼は「行く。帰る。」と言った。|次です。",
        "値段は３．５万円です。|（はい。）|次",
        "价格太高了。|我们再考虑一下！|可以吗？|好的；谢谢。|他说：“太贵了。”|然后走了",
        "价格太高了.|我们走吧!|好的",
        "สวัสดีครับ |ราคาเท่าไหร่คะ |ขอส่วนลดได้ไหมครับ |ราคาแพงมาก",
        "ประชุมเวลา 10.30 น. ที่ห้องใหญ่ ปี พ.ศ. 2563 ครับ",
        "ทีมเราชนะ แล้วก็กลับบ้าน",
        "ราคาเท่าไหร่? |แพงไป! |ขอบคุณ",
        "ລາຄາເທົ່າໃດ? |ແພງຫຼາຍ. |ໄປກິນເຂົ້າເດີ້ |ຂອບໃຈ",
        "សួស្តី។ |តម្លៃប៉ុន្មាន?|ថ្លៃណាស់។|ផ្លែឈើ ។ល។ |អរគុណ៕",
        "ဟုတ်ကဲ့၊ ဈေးကြီးတယ်။ |ဈေးဘယ်လောက်လဲ။|ကျေးဇူးတင်ပါတယ်",
    ],
)
@pytest.mark.parametrize("language", [None, "en", "ja", "th", "zh-Hans-CN", "my"])
def test_each_sentence_is_one(sentences, language):
    text, expected = sentences.replace("|", ""), [one.strip() for one in sentences.split("|")]
    assert [text[start:end] for start, end in spans(text, language)] == expected
