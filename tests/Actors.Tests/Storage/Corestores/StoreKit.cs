using Akka.Actor;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Corestores;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Actors.Tests.Storage.Corestores;

/// <summary>A store in memory.</summary>
/// <param name="name">The actor system's.</param>
public abstract class StoreKit(string name) : RuntimeKit(name)
{
    private protected static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);
    private protected static readonly CorestoreOptions s_options
        = new() { Folder = "store", PrimaryKey = new Bytes32([.. Enumerable.Repeat((byte)3, 32)]), MaxOpenCores = 64 };

    private protected MemoryFileStore Files { get; set; } = new();

    private protected IActorRef Open(CorestoreOptions? options = null)
        => Sys.ActorOf(CorestoreActor.Props(Runtime.Peer("store", Files), options ?? s_options));

    private protected CorestoreClient Client(IActorRef store) => new(store, Holder(), s_timeout);

    private protected IActorRef Holder() => Sys.ActorOf(SessionHolderActor.Props());
}
