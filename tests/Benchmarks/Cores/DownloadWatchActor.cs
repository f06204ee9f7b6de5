using Akka.Actor;
using Hyper.Actors.Storage.Cores;

namespace AuctionActors.Benchmarks.Cores;

/// <summary>Answers when a core has stored so many blocks.</summary>
internal sealed class DownloadWatchActor : UntypedActor
{
    private readonly long _wanted;
    private IActorRef _asker = ActorRefs.Nobody;
    private long _stored;

    public DownloadWatchActor(IActorRef core, long wanted)
    {
        _wanted = wanted;
        core.Tell(new CoreProtocol.Subscribe(0));
    }

    public static Task WhenStoredAsync(IActorRefFactory system, IActorRef core, long blocks, TimeSpan patience)
        => system.ActorOf(Props.Create(() => new DownloadWatchActor(core, blocks))).Ask(new WaitUntilStored(), patience);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WaitUntilStored:
                _asker = Sender;
                break;
            case CoreProtocol.Subscribed subscribed:
                _stored = subscribed.Stored.Sum(run => run.Count);
                break;
            case CoreProtocol.BlocksChanged { Dropped: false } changed:
                _stored += changed.Count;
                break;
        }

        if (_stored < _wanted || _asker.IsNobody())
            return;
        _asker.Tell(new WaitUntilStored());
        Context.Stop(Self);
    }

    private sealed record WaitUntilStored;
}
