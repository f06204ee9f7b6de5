using Akka.Actor;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Actors.Storage.Cores;

/// <summary>Tells subscribers and the event log what happened to a core.</summary>
internal sealed class CoreEvents(IEventRecorder recorder, int maxSubscribers)
{
    private readonly List<IActorRef> _subscribers = [];
    private readonly List<(string Name, IActorRef Owner)> _extensions = [];

    /// <summary>False when there are too many.</summary>
    internal bool TryAdd(IActorRef subscriber)
    {
        bool isKnown = _subscribers.Contains(subscriber), isRoom = _subscribers.Count < maxSubscribers;
        if (!isKnown && isRoom)
            _subscribers.Add(subscriber);
        return isKnown || isRoom;
    }

    internal void Remove(IActorRef subscriber)
    {
        _subscribers.Remove(subscriber);
        _extensions.RemoveAll(extension => extension.Owner.Equals(subscriber));
    }

    /// <summary>Passes messages of extensions on; false for anything else.</summary>
    internal bool Accept(object message, IActorRef sender)
    {
        switch (message)
        {
            case CoreProtocol.AddExtension add:
                Add(add, sender);
                return true;
            case CoreProtocol.SendExtension send:
                Tell(new CoreProtocol.ExtensionSent(send.Name, send.Payload));
                return true;
            case CoreProtocol.ExtensionReceived received:
                foreach ((_, IActorRef owner) in _extensions.Where(extension => extension.Name == received.Name))
                    owner.Tell(received, sender);
                return true;
            default:
                return false;
        }
    }

    private void Add(CoreProtocol.AddExtension add, IActorRef sender)
    {
        if (_extensions.Contains((add.Name, sender)))
            return;
        if (_extensions.Count < maxSubscribers)
            _extensions.Add((add.Name, sender));
        else
            sender.Tell(new CoreProtocol.Failed(add.Request, CoreProblem.LimitReached, $"{maxSubscribers} extensions are listened to already"));
    }

    internal void Publish(CoreEffect effect, HypercoreMachine core)
    {
        Record(effect, core);
        if (_subscribers.Count == 0)
            return;
        CoreProtocol.IEvent? published = effect switch
        {
            Appended appended => new CoreProtocol.Grown(appended.OldLength, CoreInfo.Of(core)),
            Truncated cut => new CoreProtocol.Cut(cut.OldLength, cut.Ancestors, CoreInfo.Of(core)),
            BlocksAvailable blocks => new CoreProtocol.BlocksChanged(blocks.Start, blocks.Count, Dropped: false),
            BlocksDropped blocks => new CoreProtocol.BlocksChanged(blocks.Start, blocks.Count, Dropped: true),
            ManifestLearned => new CoreProtocol.ManifestKnown(CoreInfo.Of(core)),
            ConflictFound conflict => new CoreProtocol.Conflicted(conflict.Evidence),
            _ => null,
        };
        if (published is not null)
            Tell(published);
    }

    internal void Tell(CoreProtocol.IEvent published)
    {
        foreach (IActorRef subscriber in _subscribers)
            subscriber.Tell(published);
    }

    internal void RecordVerified(CoreKey key, MerkleProof proof, ProofOutcome outcome)
    {
        EventKind kind = outcome is ProofOutcome.Accepted or ProofOutcome.Stale ? EventKind.CoreVerifyOk : EventKind.CoreVerifyFail;
        if (recorder.Records(kind))
            Record(kind, key, $"{outcome}: {Describe(proof)}", proof.Block?.Value.Length ?? 0);
    }

    private void Record(CoreEffect effect, HypercoreMachine core)
    {
        EventKind kind = effect switch
        {
            Appended => EventKind.CoreAppend,
            Truncated => EventKind.CoreTruncate,
            BlocksAvailable => EventKind.CoreHave,
            ConflictFound => EventKind.CoreFork,
            _ => EventKind.Note,
        };
        if (kind != EventKind.Note && recorder.Records(kind))
            Record(kind, core.Key, Describe(effect), 0);
    }

    private void Record(EventKind kind, CoreKey key, string text, int size)
        => recorder.Record(new EventEntry(kind) { Text = text, Size = size, Correlations = [new Correlation("core", key.ToHex())] });

    private static string Describe(CoreEffect effect) => effect switch
    {
        Appended appended => $"length {appended.OldLength} to {appended.Tree.Length}",
        Truncated cut => $"length {cut.OldLength} to {cut.Tree.Length}, fork {cut.Tree.Fork}",
        BlocksAvailable blocks => $"blocks {blocks.Start} to {blocks.Start + blocks.Count - 1}",
        _ => "two signed histories",
    };

    private static string Describe(MerkleProof proof)
        => (proof.Block is { } block ? $"block {block.Index} " : "")
            + (proof.Upgrade is { } upgrade ? $"upgrade {upgrade.Start} to {upgrade.Start + upgrade.Length}" : "");
}
