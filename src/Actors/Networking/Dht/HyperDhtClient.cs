using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.RawStreams;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Networking.Dht;

/// <summary>The DHT of a peer for commands and tests, which wait for answers.</summary>
public sealed class HyperDhtClient(IActorRef dht, TimeSpan timeout)
{
    private long _tag;

    public IActorRef Dht { get; } = dht;

    /// <summary>Starts the DHT of no peer, as a tool or a bootstrap node does, and waits until it has joined.</summary>
    /// <returns>The DHT, and the node below it, whose end is its end.</returns>
    /// <exception cref="PortInUseException">The port is taken.</exception>
    public static async Task<(HyperDhtClient Dht, DhtNodeClient Node)> StartAsync(
        IActorRefFactory system, PeerRuntime runtime, HyperDhtOptions options, TimeSpan timeout)
    {
        IActorRef owner = system.ActorOf(StandaloneNodeActor.Props(HyperDhtActor.Props(runtime, options)), runtime.Name);
        DhtNodeClient node = await DhtNodeClient.WhenReadyAsync(owner, options.Node, timeout).ConfigureAwait(false);
        return (new HyperDhtClient(node.Node, timeout), node);
    }

    public Task<HyperDhtProtocol.PeersFound> LookupAsync(Bytes32 topic)
        => AskAsync<HyperDhtProtocol.PeersFound>(new HyperDhtProtocol.Lookup(++_tag, topic));

    public Task<HyperDhtProtocol.PeersFound> FindPeerAsync(PublicKey key)
        => AskAsync<HyperDhtProtocol.PeersFound>(new HyperDhtProtocol.FindPeer(++_tag, key));

    public Task<HyperDhtProtocol.Stored> AnnounceAsync(Bytes32 topic, KeyPair keyPair)
        => AskAsync<HyperDhtProtocol.Stored>(new HyperDhtProtocol.Announce(++_tag, topic, keyPair));

    public Task<HyperDhtProtocol.Stored> UnannounceAsync(Bytes32 topic, KeyPair keyPair)
        => AskAsync<HyperDhtProtocol.Stored>(new HyperDhtProtocol.Unannounce(++_tag, topic, keyPair));

    public Task<HyperDhtProtocol.Stored> PutImmutableAsync(ReadOnlyMemory<byte> value)
        => AskAsync<HyperDhtProtocol.Stored>(new HyperDhtProtocol.PutImmutable(++_tag, value));

    public Task<HyperDhtProtocol.ValueRead> GetImmutableAsync(Bytes32 hash)
        => AskAsync<HyperDhtProtocol.ValueRead>(new HyperDhtProtocol.GetImmutable(++_tag, hash));

    public Task<HyperDhtProtocol.Stored> PutMutableAsync(KeyPair keyPair, ulong sequence, ReadOnlyMemory<byte> value)
        => AskAsync<HyperDhtProtocol.Stored>(new HyperDhtProtocol.PutMutable(++_tag, keyPair, sequence, value));

    public Task<HyperDhtProtocol.ValueRead> GetMutableAsync(PublicKey key, ulong minimumSequence = 0)
        => AskAsync<HyperDhtProtocol.ValueRead>(new HyperDhtProtocol.GetMutable(++_tag, key, minimumSequence));

    /// <summary><see cref="HyperDhtProtocol.Connected"/> or <see cref="HyperDhtProtocol.ConnectFailed"/>.</summary>
    public Task<HyperDhtProtocol.IEvent> ConnectAsync(PublicKey remote, KeyPair keyPair)
        => AskAsync<HyperDhtProtocol.IEvent>(new HyperDhtProtocol.Connect(++_tag, remote, keyPair));

    /// <summary>A stream beside a connection of the node; nothing when the node makes none.</summary>
    public async Task<RawStreamClient?> CreateRawStreamAsync(IActorRef connection)
        => await AskAsync<HyperDhtProtocol.IEvent>(new HyperDhtProtocol.CreateRawStream(++_tag, connection)).ConfigureAwait(false)
            is HyperDhtProtocol.RawStreamCreated created ? new RawStreamClient(created.Stream, created.Id) : null;

    public async Task<ImmutableArray<HyperDhtProtocol.ConnectionSummary>> GetConnectionsAsync()
        => (await Dht.Ask<HyperDhtProtocol.ConnectionsListed>(new HyperDhtProtocol.GetConnections(), timeout).ConfigureAwait(false)).Connections;

    /// <summary>Ends when the relays have forgotten the server.</summary>
    public Task StopListeningAsync(PublicKey key) => AskAsync<HyperDhtProtocol.ListeningStopped>(new HyperDhtProtocol.StopListening(key));

    /// <summary>Ends when the relays have forgotten the server, which is there again after <see cref="ResumeListening"/>.</summary>
    public Task SuspendListeningAsync(PublicKey key) => AskAsync<HyperDhtProtocol.ListeningSuspended>(new HyperDhtProtocol.SuspendListening(key));

    /// <summary>The owner of the server hears when it is announced.</summary>
    public void ResumeListening(PublicKey key) => Dht.Tell(new HyperDhtProtocol.ResumeListening(key));

    private Task<TEvent> AskAsync<TEvent>(HyperDhtProtocol.ICommand command) => Dht.Ask<TEvent>(command, timeout);
}
