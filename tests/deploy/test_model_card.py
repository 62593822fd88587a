from sevenlessons.deploy.bundle import read_settings
from sevenlessons.deploy.model_card import model_card


def test_says_what_the_bundle_says(gray, forge):
    facts = {
        "data": "Toy pictures.",
        "licence": "CC BY 4.0",
        "Ethics": "No people.",
    }
    settings = read_settings(forge(gray, card=facts, threshold=0.625))
    text = model_card(settings, "toy")
    for words in (
        "# Model card: toy",
        "It tells 2 classes apart: no, yes.",
        'Below a probability of 0.625 the answer is "not sure".',
        "## Data\n\nToy pictures.",
        "## Limits\n\nNot stated.",
        "## Ethics\n\nNo people.",
        "| lesson2/toy_accuracy | 0.75 | 0.6 to 0.86 | always no: 0.5 | 40 |",
        "Predictor.load(",
        "small_cnn (num_classes 2, width 4)",
        "28 x 28 pixels",
    ):
        assert words in text


def test_warns_of_what_was_not_measured(color):
    text = model_card(read_settings(color), "color")
    assert "Nothing was measured. Do not rely on this model." in text
    assert "also for a photo of something else" in text


def test_a_bar_in_a_name_does_not_break_the_table(gray, forge):
    row = read_settings(gray)["metrics"][0]
    row = {**row, "data": "cats | dogs\nand more", "baselines": {}}
    text = model_card(read_settings(forge(gray, metrics=[row])), "toy")
    assert "| none | 40 | cats \\| dogs and more |" in text
