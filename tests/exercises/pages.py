"""What a page of the book must hold for each of its exercises."""

import re

ASKS = re.compile(r"^```\{exercise\}[^\n]*\n:label: (\S+)$", re.M)
CHECK = r"^{}check\(\s*\"{}\""


def problems(text, exercises):
    """Return what is missing in a page's text, a sentence each."""
    blocks = {m[1]: text[m.end() :] for m in ASKS.finditer(text)}
    found = [_in_block(label, block) for label, block in blocks.items()]
    wrong = [words for words in found if words]
    for exercise in exercises:
        wrong += _of_exercise(exercise, blocks.values())
    return wrong


def _in_block(label, block):
    opening = f"```{{solution-start}} {label}\n"
    if opening not in block:
        return f"{label} has no solution"
    options = block.split(opening)[1].split("```")[0].splitlines()
    if ":class: dropdown" not in options:
        return f"the solution of {label} is not folded"
    if "```{solution-end}" not in block.split(opening)[1]:
        return f"the solution of {label} does not end"
    return ""


def _of_exercise(exercise, blocks):
    key = exercise.key
    for block in blocks:
        task, _, rest = block.partition("```{solution-start}")
        solution = rest.partition("```{solution-end}")[0]
        asked = re.search(CHECK.format("", key) + r", (\w+)", task, re.M)
        if not asked:
            continue
        wrong = []
        if not re.search(CHECK.format("assert ", key), solution, re.M):
            wrong.append(f"the solution of {key} does not assert its check")
        head = re.search(rf"^def {asked[1]}\(([^)]*)\):", task, re.M)
        takes = head and ", ".join(head[1].replace(",", " ").split())
        if takes != exercise.takes:
            wrong.append(f"the page's {key} takes {takes}")
        return wrong
    return [f"the page does not ask for {key}"]
