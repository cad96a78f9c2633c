"""A person without a mouse. Wherever Tab leads them, they must see where they are, and it must have a name."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

FOCUS = """() => {
  const element = document.activeElement;
  const tag = element.tagName.toLowerCase();
  if (element === document.body) return { tag, name: "", outlined: true, uncovered: true };
  const worded = (each) => each?.textContent.replace(/\\s+/g, " ").trim() ?? "";
  const by = element.getAttribute("aria-labelledby")?.split(" ").map((id) => document.getElementById(id));
  const label = [...(by ?? element.labels ?? [])].map(worded).join(" ");
  const named = element.matches("a, button, summary, [role=alert], [role=status]") ? worded(element) : "";
  let outlined = false;
  for (let each = element; each && !outlined; each = each.parentElement) {
    const style = getComputedStyle(each);
    outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  }
  const box = element.getClientRects()[0] ?? element.getBoundingClientRect();
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  const there = right > left && bottom > top && document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const uncovered = Boolean(there) && (element.contains(there) || there.contains(element));
  return { tag, name: element.getAttribute("aria-label") || label || named || element.title, outlined, uncovered };
}"""

FARTHEST = 80
"""Presses of Tab after which nobody looks on."""


@dataclass(frozen=True)
class Focus:
    """What has the focus: its tag and name; whether it is marked, and whether it is in view with nothing over it."""

    tag: str
    name: str
    outlined: bool
    uncovered: bool

    def is_on(self, name: str, tag: str) -> bool:
        return name in self.name and tag in ("", self.tag)


@dataclass
class Keyboard:
    page: Page

    @property
    def focus(self) -> Focus:
        return Focus(**self.page.evaluate(FOCUS))

    def is_seen(self) -> Focus:
        focus = self.focus
        assert focus.name or focus.tag == "body", f"nameless: {self.page.evaluate('document.activeElement.outerHTML')}"
        assert focus.outlined, f"no mark on {focus}"
        assert focus.uncovered, f"out of view or covered: {focus}"
        return focus

    def to(self, name: str, tag: str = "", key: str = "Tab") -> None:
        """Press `key` until what is called `name` has the focus; every stop on the way has a name and is seen."""
        focus = self.focus
        for _ in range(FARTHEST):
            if focus.is_on(name, tag):
                return
            self.page.keyboard.press(key)
            focus = self.is_seen()
        raise AssertionError(f"no way to {name!r} by {key}; the focus is on {focus}")

    def to_case(self, case: str) -> None:
        """From the queue, with the keys of the console. Other cases may come in above it meanwhile."""
        row = self.page.locator(f"#case-{case}")
        expect(row).to_be_visible()
        for _ in range(FARTHEST):
            self.page.keyboard.press("j")
            self.is_seen()
            if row.evaluate("each => each === document.activeElement"):
                return
        raise AssertionError(f"no way to the case by j; the focus is on {self.focus}")

    def presses(self, name: str, tag: str = "") -> None:
        """Go there and press Enter."""
        self.to(name, tag)
        self.page.keyboard.press("Enter")

    def goes(self, name: str, heading: str) -> None:
        """Follow what is called `name` to the page with this heading."""
        self.presses(name)
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)
        self.page.wait_for_load_state("load")

    def writes(self, name: str, text: str) -> None:
        self.to(name)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def chooses(self, name: str, option: str) -> None:
        """From a list that drops down: by the first letters of what is wanted."""
        self.to(name, "select")
        self.page.keyboard.type(option)

    def ticks(self, group: str, name: str) -> None:
        """Go to the first of a group of boxes or buttons, then to the one called `name` (of buttons, by the arrows)."""
        self.to(group, "input")
        of_one = self.page.evaluate("document.activeElement.type === 'radio'")
        self.to(name, "input", "ArrowDown" if of_one else "Tab")
        if not self.page.evaluate("document.activeElement.checked"):
            self.page.keyboard.press("Space")
