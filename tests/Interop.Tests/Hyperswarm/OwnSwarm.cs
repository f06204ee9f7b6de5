using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Swarm.Hyperswarm;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht;

namespace AuctionActors.Interop.Tests.Hyperswarm;

/// <summary>One swarm of ours and what it has told.</summary>
internal sealed class OwnSwarm
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly BlockingCollection<object> _told = [];

    public OwnSwarm(RealRuntime runtime, string name, SwarmOptions options)
    {
        Key = options.KeyPair.PublicKey;
        IActorRef owner = runtime.System.ActorOf(SwarmOwnerActor.Props(Key, _told), name + "-owner");
        SwarmOptions listening = options with { Preamble = [SwarmOwnerActor.Listening(owner)] };
        Client = SwarmClient.Start(runtime.System, runtime.Peer(name, new MemoryFileStore()), listening, owner, Patience);
        Next<SwarmProtocol.Ready>();
    }

    public PublicKey Key { get; }

    public SwarmClient Client { get; }

    /// <summary>The next fact of this kind; others before it are passed over.</summary>
    public T Next<T>(Func<T, bool>? condition = null)
    {
        Stopwatch elapsed = Stopwatch.StartNew();
        while (Patience - elapsed.Elapsed is { Ticks: > 0 } left && _told.TryTake(out object? fact, left))
        {
            if (fact is T wanted && (condition is null || condition(wanted)))
                return wanted;
        }

        throw new TimeoutException($"no {typeof(T).Name}");
    }

    public void Tell(SwarmProtocol.ICommand command) => Client.Swarm.Tell(command);

    public async Task<int> CountConnectionsAsync() => (await Client.GetStateAsync()).Counts.Connections;

    public Task<long> JoinAsync(TopicKey topic, bool isServer = true, bool isClient = true) => Client.JoinAsync(topic, new(isServer, isClient));
}
