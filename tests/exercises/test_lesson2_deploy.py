"""Right and wrong answers of page 2.2."""

LIST = "lesson2/class_list"
SURE = "lesson2/not_sure"


def load_checked(model, weights, classes):
    scores = model[-1].out_features
    if len(classes) != scores:
        raise ValueError(f"{len(classes)} names for {scores} scores")
    model.load_state_dict(weights)
    return model


def by_the_weights(model, weights, classes):
    scores = len(list(weights.values())[-1])
    if len(classes) != scores:
        raise ValueError(f"expected {scores} names, got {len(classes)}")
    model.load_state_dict(weights)
    return model


def too_late(model, weights, classes):
    model.load_state_dict(weights)
    if len(classes) != model[-1].out_features:
        raise ValueError(f"{len(classes)} and {model[-1].out_features}")
    return model


def too_silent(model, weights, classes):
    if len(classes) != model[-1].out_features:
        raise ValueError("wrong number of classes")
    model.load_state_dict(weights)
    return model


def only_too_many(model, weights, classes):
    if len(classes) > model[-1].out_features:
        raise ValueError(f"{len(classes)} and {model[-1].out_features}")
    model.load_state_dict(weights)
    return model


def asserts(model, weights, classes):
    assert len(classes) == model[-1].out_features
    model.load_state_dict(weights)
    return model


def forgets(model, weights, classes):
    if len(classes) != model[-1].out_features:
        raise ValueError(f"{len(classes)} and {model[-1].out_features}")
    return model


def never(model, weights, classes):
    model.load_state_dict(weights)
    return model


def lowest(probabilities, target, error):
    surest, said = probabilities.max(dim=1)
    wrong = said != target
    for level in [0.0, *sorted(surest.tolist())]:
        answered = surest >= level
        if wrong[answered].sum() <= error * answered.sum():
            return level


def highest(probabilities, target, error):
    return probabilities.max().item()


def of_all(probabilities, target, error):
    surest, said = probabilities.max(dim=1)
    wrong = said != target
    for level in [0.0, *sorted(surest.tolist())]:
        if wrong[surest >= level].sum() <= error * len(target):
            return level


def first_from_above(probabilities, target, error):
    surest, said = probabilities.max(dim=1)
    wrong = said != target
    best = 1.0
    for level in sorted(surest.tolist(), reverse=True):
        answered = surest >= level
        if wrong[answered].sum() > error * answered.sum():
            return best
        best = level
    return best


RIGHT = {LIST: [load_checked, by_the_weights], SURE: [lowest]}
WRONG = {
    LIST: [
        (too_late, "Look at the list before you load"),
        (too_silent, "the message should hold both"),
        (only_too_many, "nothing was raised"),
        (asserts, "a ValueError is asked for, not AssertionError"),
        (forgets, "the weights should be in the model"),
        (never, "nothing was raised"),
        (lambda model, weights, classes: True, "you returned True"),
    ],
    SURE: [
        (highest, "can be answered with it"),
        (of_all, "of the answers are wrong"),
        (first_from_above, "can be answered with it"),
        (lambda p, t, e: 0.5, "can be answered with it"),
        (lambda p, t, e: 0.0, "of the answers are wrong"),
        (lambda p, t, e: "high", "One number is asked for"),
        (lambda p, t, e: p.max(dim=1).values, "One number is asked for"),
    ],
}
