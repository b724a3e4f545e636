"""A cheap phone in a grid worker's hand: what the tests of /field/ do with it."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from arrears.models import Claim
from bench.faults.lossy import THROUGH
from tests.browser.visitor import Visitor

FIELD = "/field/"


class Phone(Visitor):
    def start(self) -> "Phone":
        self.open(FIELD)
        self.ready()
        return self

    def listen(self, said: object) -> None:
        """A request that was lost is no error of the page here; an exception is."""

    def ready(self) -> None:
        expect(self.page.locator("body[data-ready]")).to_be_attached()

    def keep_shell(self) -> None:
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => 1)")
        self.page.wait_for_function("() => navigator.serviceWorker.controller")

    def write(self, name: str, amount: str = "3500", page: Page | None = None) -> None:
        """A whole draft but for the last step."""
        page = page or self.page
        page.get_by_role("button", name="新登记一件").click()
        page.locator("#f-name").fill(name)
        self.next(page)
        page.locator("#f-called").fill("孙老板")
        self.next(page)
        self.next(page)
        page.locator("#f-amount").fill(amount)
        self.next(page)

    def next(self, page: Page | None = None) -> None:
        (page or self.page).locator("[data-step]:not([hidden]) [data-move='1']").click()

    def finish(self) -> None:
        self.page.locator("[name=consent]").check()
        self.press("写好了，放入发件箱")
        expect(self.page.locator("#outbox-part")).to_be_visible()

    def rows(self, state: str) -> Locator:
        return self.page.locator(f"#outbox [data-state={state}]")

    def send(self) -> None:
        self.page.locator("#outbox").get_by_role("button", name="发送", exact=True).first.click()

    def count(self, store: str) -> int:
        return self.page.evaluate("""(name) => new Promise((done) => {
            const asked = indexedDB.open("xinan-field");
            asked.onsuccess = () => { const base = asked.result; if (!base.objectStoreNames.contains(name)) { base.close(); return done(0); }
              const counted = base.transaction([name]).objectStore(name).count(); counted.onsuccess = () => { base.close(); done(counted.result); }; };
        })""", store)


def claims_of(name: str) -> list[Claim]:
    return list(Claim.objects.filter(worker_name=name))


def once(fate: str) -> Callable[[str, str], str]:
    """The first draft that is sent meets that fate, everything else goes through."""
    left = [fate]
    return lambda method, path: left.pop() if left and method == "POST" and path.endswith("/send/") else THROUGH
