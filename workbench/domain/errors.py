"""Errors that a person can act on. Every message says what is wrong, where, and what to do."""


class WorkbenchError(Exception):
    """Base of all errors that the workbench raises on purpose."""


class InvalidArgument(WorkbenchError, ValueError):
    """An argument of a call cannot be used; the message names it, and what can be."""


class InvalidFilters(InvalidArgument):
    """A filter holds a value that no conversation can have."""


class InvalidTracker(InvalidArgument):
    """A tracker's name, description or examples cannot be used."""


class NotFound(WorkbenchError, KeyError):
    """The workspace has nothing with this id or name."""

    def __str__(self) -> str:  # KeyError would show the repr of the message
        return str(self.args[0]) if self.args else ""


class TrackerNotFound(NotFound):
    """No tracker has this id or name."""


class TrackerExists(WorkbenchError, ValueError):
    """Another tracker has this name already."""


class InvalidStream(InvalidArgument):
    """A stream, an alert or a channel holds what cannot be used."""


class StreamNotFound(NotFound):
    """No stream or alert has this id or name."""


class ConversationNotFound(NotFound):
    """No conversation has this id."""


class NothingToTag(WorkbenchError):
    """No sentence is left that matches the tracker's filters and has no tag."""


class RoundIncomplete(WorkbenchError):
    """A round was closed while some of its sentences have no answer."""


class UnknownCandidate(InvalidArgument):
    """An answer names a sentence that this tracker has not asked about."""


class InvalidAnswer(InvalidArgument):
    """An answer is not one of yes, no, not_sure."""


class NotEnoughTags(WorkbenchError):
    """A model or an estimate needs more YES or NO answers than there are."""


class CorpusNotEncoded(WorkbenchError):
    """Some sentences have no vector yet; ``Workspace.encode`` makes them."""


class EncoderUnavailable(WorkbenchError):
    """The encoder process could not be started or stopped answering."""


class ClusterUnavailable(WorkbenchError):
    """A Dask cluster cannot be used: Dask is not installed, the scheduler is gone, or its workers do not fit."""


class RedactionUnavailable(WorkbenchError):
    """The libraries for redaction are not installed."""


class TranscriberUnavailable(WorkbenchError):
    """Speech cannot be recognised: the library or the model is missing."""


class InvalidModelFile(WorkbenchError, ValueError):
    """A tracker's file is damaged, or no tracker's at all."""


class WrongState(WorkbenchError):
    """A tracker's state does not allow this."""


class OtherEncoder(WrongState):
    """A version finds by the vectors of another encoder than the workspace was opened with."""


class Cancelled(WorkbenchError):
    """The person cancelled the work; nothing of it was kept."""


class StateUnavailable(WorkbenchError):
    """The database that holds the state cannot be opened."""


class CorpusUnavailable(WorkbenchError):
    """The store that holds the corpus cannot be used: it does not answer, or does not allow it."""


class CannotJudge(WorkbenchError):
    """A question could not be answered for one call; for another it may be."""


class JudgeUnavailable(WorkbenchError):
    """What answers questions cannot be used now, whatever the call; says why."""


class UntrustedWorkspace(UserWarning):
    """A workspace would send or spend what nobody has agreed to yet; it does not."""


class WorkspaceNotTrusted(JudgeUnavailable):
    """Nobody has agreed yet to what a workspace sends and spends."""


class OutOfCredits(WorkbenchError):
    """The credits, or a cap on them, do not reach for this."""


class InvalidCredits(InvalidArgument):
    """An amount of credits, a price or a cap that cannot be."""


class WorkspaceNotFound(NotFound):
    """There is no workspace in this folder."""


class WorkspaceDamaged(WorkbenchError):
    """A file of the workspace is missing, damaged, or not what it should be; the message names it and the remedy."""


class NewerWorkspace(WorkbenchError):
    """A newer version of the workbench wrote the corpus or the state."""


class CannotWrite(WorkbenchError):
    """A file could not be written: the disk is full or failing, or the right is missing; nothing is half written."""


class ReadOnlyWorkspace(CannotWrite):
    """The workspace was opened for reading, so nothing can be changed in it."""


class InvalidBackup(WorkbenchError, ValueError):
    """A file is not a backup, or is damaged; nothing was restored."""


class WorkspaceExists(WorkbenchError, ValueError):
    """There is something already where a workspace is to be restored."""
