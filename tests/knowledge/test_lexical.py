from knowledge import lexical


def test_words_are_stemmed_and_folded() -> None:
    assert lexical.of_query("Swollen KNEES").indices == lexical.of_query("swollen knee").indices
    assert lexical.of_query("fièvre").indices == lexical.of_query("fievre").indices


def test_a_query_weighs_each_word_once_and_a_passage_by_how_often_it_stands_there() -> None:
    assert lexical.of_query("knee knee ankle").values == [1.0, 1.0]
    passage = dict(zip(*lexical.of_passage("knee knee ankle"), strict=True))
    knee, ankle = (lexical.of_query(word).indices[0] for word in ("knee", "ankle"))
    assert passage[knee] > passage[ankle] > 0


def test_a_text_of_stop_words_weighs_nothing() -> None:
    assert lexical.of_query("and the of") == ([], [])
    assert lexical.of_passage("") == ([], [])
