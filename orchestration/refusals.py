"""A refused document in red where Dagster's pages are looked at: its partition, its asset, its run.

Belongs here: telling Dagster which documents are in quarantine. Not here: refusing them
(`assets/extracts/landed/intake.py`), who is told (`alerts/`).

Most refusals need no run: the file's sum is wrong, or its card. Dagster would then show the last
success for ever. It counts a partition as failed where a run that was to make it failed, so each
refusal that stands is kept as such a run, once; a document that is put right gets a
materialization, if no run of the intake gave it one.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import uuid4

import dagster as dg
from dagster._core.events import AssetMaterializationPlannedData

from assets.extracts.assets import landing_document
from assets.extracts.landed.survey import OTHER_STUDIES
from assets.warehouse.queries import query_text
from assets.warehouse.store import Store
from assets.warehouse.texts.counted import counted

JOB = "refused_document"  # what the run is called in the list; no job of this name can be launched
KEY_TAG, CONTENT_TAG = "yearbook/refused", "yearbook/content"
_OBSERVATION, _CHECK = dg.AssetKey(["raw", "observation"]), "no_document_in_quarantine"
_SHOWN = 200  # refusals that have a run of their own: each is a file of Dagster's
_LAST_RUNS = 500  # more than are shown, so that what is shown is found again


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document in quarantine: its key, what it said, and why it is refused."""

    key: str
    content_sha256: str
    message: str

    @property
    def content(self) -> str:
        """What it said, as short as a tag is read."""
        return self.content_sha256[:12]


@dataclass(frozen=True, slots=True)
class Quarantine:
    """What is refused now, and the keys of all documents in force."""

    refused: tuple[Refusal, ...]
    in_force: Collection[str]


def quarantine_of(store: Store) -> Quarantine:
    """As the working file has it; call under its lock."""
    if not store.exists("raw.quarantine"):
        return Quarantine((), ())
    refused = store.read(
        Refusal, query_text("extracts/refused_documents"), {"other_studies": list(OTHER_STUDIES)}
    )
    documents = store.rows("select source || '/' || edition from raw.document")
    return Quarantine(tuple(refused), {key for (key,) in documents})


def show_refusals(
    instance: dg.DagsterInstance,
    quarantine: Quarantine,
    unforeseen: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Make partitions, check and list of runs say what is refused; says nothing twice.

    Of very many the first have a partition and a run each; the check names them all.
    unforeseen: tracebacks of documents that were refused without a run, which would have them.
    """
    last = _last_refusals(instance)
    now = {refusal.key: refusal for refusal in quarantine.refused}
    shown = {refusal.key: refusal for refusal in quarantine.refused[:_SHOWN]}
    new = [
        refusal
        for key, refusal in shown.items()
        if key not in last
        or last[key].tags.get(CONTENT_TAG) != refusal.content
        or not _stands(instance, key, last[key])
    ]
    repaired = [
        key
        for key, run in last.items()
        if key not in now and key in quarantine.in_force and _stands(instance, key, run)
    ]
    for refusal in new:
        _record(instance, refusal, unforeseen.get(refusal.key, ""))
    for key in repaired:
        instance.report_runless_asset_event(
            dg.AssetMaterialization(
                landing_document.key,
                partition=key,
                description="The document is again as it was taken in.",
            )
        )
    if new or repaired:
        _judge(instance, quarantine.refused)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A refusal that Dagster knows: since when, and of which content."""

    at: float
    tags: dict[str, str]


def _last_refusals(instance: dg.DagsterInstance) -> dict[str, _Kept]:
    records = instance.get_run_records(dg.RunsFilter(job_name=JOB), limit=_LAST_RUNS)
    kept: dict[str, _Kept] = {}
    for record in records:  # the newest first
        tags = dict(record.dagster_run.tags)
        kept.setdefault(tags[KEY_TAG], _Kept(record.create_timestamp.timestamp(), tags))
    return kept


def _stands(instance: dg.DagsterInstance, key: str, kept: _Kept) -> bool:
    """Whether the document was not taken in since it was refused."""
    filters = dg.AssetRecordsFilter(landing_document.key, asset_partitions=[key])
    found = instance.fetch_materializations(filters, limit=1).records
    return not found or found[0].timestamp < kept.at


def _record(instance: dg.DagsterInstance, refusal: Refusal, trace: str) -> None:
    """A run that was to take the document in, and failed."""
    instance.add_dynamic_partitions("document", [refusal.key])
    run = instance.add_run(
        dg.DagsterRun(
            job_name=JOB,
            run_id=str(uuid4()),
            status=dg.DagsterRunStatus.STARTED,
            tags={
                KEY_TAG: refusal.key,
                CONTENT_TAG: refusal.content,
                "yearbook/documents": refusal.key,
            },
        )
    )
    instance.report_dagster_event(
        dg.DagsterEvent(
            event_type_value=dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED.value,
            job_name=JOB,
            message=f"{refusal.key} was to be taken in.",
            event_specific_data=AssetMaterializationPlannedData(
                landing_document.key, partition=refusal.key
            ),
        ),
        run.run_id,
    )
    said = "\n".join(filter(None, (f"{refusal.key} is refused.", refusal.message, trace)))
    instance.report_run_failed(run, said)


def _judge(instance: dg.DagsterInstance, refused: Iterable[Refusal]) -> None:
    told = {refusal.key: dg.MetadataValue.text(refusal.message) for refusal in refused}
    instance.report_runless_asset_event(
        dg.AssetCheckEvaluation(
            asset_key=_OBSERVATION,
            check_name=_CHECK,
            passed=not told,
            severity=dg.AssetCheckSeverity.ERROR,
            description=(
                f"{counted(len(told), 'document')} refused ({', '.join(told)}); their old figures "
                "stand."
                if told
                else "No document is refused."
            ),
            metadata=told,
        )
    )
