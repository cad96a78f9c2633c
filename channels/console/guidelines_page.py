"""The pages of the clinic's guidelines: each document with its state and text, and the decision whether it is used.

Drafts cite approved documents only. Knows nothing about how documents are read or found.
"""

from typing import Any

from starlette.responses import RedirectResponse, Response

from channels.audit import Audit
from channels.audit_details import code
from channels.console.access import AccessControl, StaffRequest
from channels.console.forms import File, Form
from channels.console.library import Library, LibraryClosed, NotAGuideline, PutIn, Standing, Version
from channels.console.limits import ConsoleLimits, too_much
from channels.console.queue_page import Frame
from channels.console.rights import DECIDE_GUIDELINES, PUT_GUIDELINES_IN
from dialogue.clinic import Clinic

PATH = "/console/guidelines"
ORDER = (Standing.PENDING, Standing.APPROVED, Standing.RETIRED)
ACTIONS = {"approve": Standing.APPROVED, "retire": Standing.RETIRED}

APART = "The guidelines are kept by the worker alone. Decide on them there: previsit guidelines list, approve, retire."
NO_DOCUMENT = "There is no such guideline."
OVERTAKEN = "This text is no longer there: a newer one was put in, or somebody decided meanwhile. Nothing was done."
ALREADY = "Somebody has decided that already. It is shown as it is now."
CHOOSE = "Choose a file first."
TOLD = ("title", "source", "review_date", "protocols")
"""The fields that a person can fill in for a file that lacks them."""
DONE = {
    "approved": "Approved. Drafts can cite it from now on.",
    "retired": "Retired. No draft cites it any more; it is kept, and can be approved again.",
}


class GuidelinesPage:
    """`library` is None where this server has no guidelines of its own."""

    def __init__(
        self,
        access: AccessControl,
        library: Library | None,
        clinic: Clinic,
        audit: Audit,
        frame: Frame,
        limits: ConsoleLimits,
    ) -> None:
        self._access = access
        self._library = library
        self._clinic = clinic
        self._audit = audit
        self._frame = frame
        self._limits = limits

    async def shelf(self, request: StaffRequest) -> Response:
        return await self._shelf(request)

    async def put_in(self, request: StaffRequest, form: Form, file: File | None) -> Response:
        """Adds a file; its documents wait for approval, whoever adds it."""
        if file is None:
            return await self._shelf(request, problem=CHOOSE, form=form)
        if wait := self._limits.put_in.wait(request.member.name):
            return self._access.refuse(429, too_much(wait))
        told = {name: form[name] for name in TOLD if form.get(name)}
        try:
            came = await self._open().put_in(file.name, file.content, told)
        except NotAGuideline as error:
            return await self._shelf(request, problem=str(error), form=form)
        except LibraryClosed as error:
            return self._access.refuse(503, f"{error} Nothing was put in.")
        for each in came.versions:
            if each.document in came.new:
                names = code(f"document:{each.document}"), code(f"version:{each.digest[:12]}")
                await self._audit(request.member.name, "guideline_put_in", "", *names)
        return await self._shelf(request, came=came)

    async def _shelf(
        self, request: StaffRequest, *, problem: str = "", form: Form | None = None, came: PutIn | None = None
    ) -> Response:
        wanted = request.http.query_params.get("state", "")
        closed, held = "", list[Version]()
        try:
            held = await self._held()
        except LibraryClosed as error:
            closed = str(error)
        standings, today = [each.standing for each in held], request.today.isoformat()
        context = await self._context(request, "Guidelines") | {
            "closed": closed,
            "waiting": standings.count(Standing.PENDING),
            "overdue": sum(1 for each in held if each.standing != Standing.RETIRED and each.review_due < today),
            "filters": [(each, standings.count(each)) for each in ORDER if each in standings],
            "wanted": wanted,
            "versions": [each for each in held if wanted in ("", each.standing)],
            "may_put_in": request.may(PUT_GUIDELINES_IN),
            "problem": problem,
            "form": form or {},
            "came": came,
        }
        return self._access.pages.render("guidelines.html", context, 503 if closed else 422 if problem else 200)

    async def show(self, request: StaffRequest) -> Response:
        digest = request.http.query_params.get("version", "")
        try:
            found = self._of(await self._held(), request)
            # The link of a citation names no version, and leads to the approved one.
            in_use = sorted(found, key=lambda each: each.standing is not Standing.APPROVED)
            version = next((each for each in in_use if digest in ("", each.digest)), None)
            if version is None:
                return self._access.refuse(404, NO_DOCUMENT)
            return await self._document(request, version, found)
        except LibraryClosed as error:
            return self._access.refuse(503, str(error))

    async def act(self, request: StaffRequest, form: Form) -> Response:
        standing = ACTIONS.get(request.http.path_params["action"])
        if standing is None:
            return self._access.refuse(404, "There is no such action.")
        try:
            return await self._decide(request, standing, form.get("digest", ""))
        except LibraryClosed as error:
            return self._access.refuse(503, f"{error} Nothing was done.")

    async def _decide(self, request: StaffRequest, standing: Standing, digest: str) -> Response:
        """Decides on exactly the version (`digest`) that the person has read."""
        found = self._of(await self._held(), request)
        version = next((each for each in found if each.digest == digest), None)
        if version is None:
            return await self._overtaken(request, found)
        if version.standing is standing and version.by:  # a shipped guideline is in use, but can still be approved
            return await self._document(request, version, found, ALREADY)
        await self._open().decide(version, standing, request.member.name)
        found = self._of(await self._held(), request)
        if not any(each.digest == digest and each.standing is standing for each in found):  # replaced in between
            return await self._overtaken(request, found)
        names = code(f"document:{version.document}"), code(f"version:{version.digest[:12]}")
        await self._audit(request.member.name, f"guideline_{standing}", "", *names)
        return RedirectResponse(f"{PATH}/{version.document}?version={version.digest}&done={standing}", 303)

    async def _overtaken(self, request: StaffRequest, versions: list[Version]) -> Response:
        """Shows what is there now, and that nothing was done."""
        if not versions:
            return self._access.refuse(404, NO_DOCUMENT)
        return await self._document(request, versions[0], versions, OVERTAKEN)

    async def _document(
        self, request: StaffRequest, version: Version, versions: list[Version], problem: str = ""
    ) -> Response:
        sections = await self._open().sections(version)
        context = await self._context(request, version.title) | {
            "here": PATH,
            "version": version,
            "others": [each for each in versions if each is not version],
            "sections": sections,
            "may_decide": request.may(DECIDE_GUIDELINES),
            "problem": problem,
            "done": DONE.get(request.http.query_params.get("done", ""), ""),
        }
        return self._access.pages.render("guideline.html", context, 409 if problem else 200)

    def _open(self) -> Library:
        if self._library is None:
            raise LibraryClosed(APART)
        return self._library

    async def _held(self) -> list[Version]:
        return sorted(await self._open().versions(), key=lambda each: ORDER.index(each.standing))

    def _of(self, held: list[Version], request: StaffRequest) -> list[Version]:
        return [each for each in held if each.document == request.http.path_params["document"]]

    async def _context(self, request: StaffRequest, title: str) -> dict[str, Any]:
        titles = {each.id: each.title for each in self._clinic.ruleset.protocols.values()}
        return {**await self._frame(request), "title": title, "protocols": titles, "today": request.today}
