using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;

namespace AuctionActors.Interop.Tests.HyperDht.Churn;

/// <summary>One node of ours, which serves its key with the echo channel.</summary>
internal sealed class OwnNode : IChurnNode
{
    public const string Name = "ours";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly RealRuntime _runtime;
    private readonly HyperDhtClient _dht;
    private readonly DhtNodeClient _node;
    private readonly IActorRef _server;
    private readonly ImmutableArray<PeerAddress> _relays;

    private OwnNode(
        RealRuntime runtime, (HyperDhtClient Dht, DhtNodeClient Node) started, KeyPair keys, IActorRef server, ImmutableArray<PeerAddress> relays)
        => (_runtime, (_dht, _node), Keys, _server, _relays) = (runtime, started, keys, server, relays);

    public string Kind => Name;

    public KeyPair Keys { get; }

    public static async Task<IChurnNode> StartAsync(RealRuntime runtime, string name, KeyPair keys, PeerAddress bootstrap, bool isPersistent)
    {
        DhtNodeActorOptions options = new()
        {
            Bind = PeerAddress.Loopback(0),
            Node = new DhtNodeOptions
            {
                BootstrapNodes = [bootstrap],
                Persistence = isPersistent ? DhtPersistence.Persistent : DhtPersistence.Adaptive,
            },
        };
        PeerRuntime peer = runtime.Peer(name, new MemoryFileStore());
        (HyperDhtClient Dht, DhtNodeClient Node) started = await HyperDhtClient.StartAsync(
            runtime.System, peer, new HyperDhtOptions { Node = options }, Patience);
        TaskCompletionSource<object> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef owner = runtime.System.ActorOf(EchoActor.Server(listening));
        started.Dht.Dht.Tell(new HyperDhtProtocol.Listen(keys, owner) { Preamble = [EchoActor.Listening(owner)] });
        var told = (HyperDhtProtocol.Listening)await listening.Task.WaitAsync(Patience);
        return new OwnNode(runtime, started, keys, owner, told.Relays);
    }

    public async Task AnnounceAsync(Bytes32 topic)
    {
        var stored = await _dht.Dht.Ask<HyperDhtProtocol.Stored>(new HyperDhtProtocol.Announce(-1, topic, Keys) { Relays = _relays }, Patience);
        if (stored.Nodes.IsEmpty)
            throw new ChurnException("no node took the announcement");
    }

    public async Task<IReadOnlyCollection<PublicKey>> LookupAsync(Bytes32 topic)
        => [.. (await _dht.LookupAsync(topic)).Peers.Select(peer => peer.Record.PublicKey).Distinct()];

    public async Task<Bytes32> PutImmutableAsync(byte[] value)
    {
        if ((await _dht.PutImmutableAsync(value)).Nodes.IsEmpty)
            throw new ChurnException("no node took the value");
        return Blake2b.Hash256(value);
    }

    public async Task<byte[]?> GetImmutableAsync(Bytes32 hash) => (await _dht.GetImmutableAsync(hash)).Value?.ToArray();

    public async Task PutMutableAsync(ulong sequence, byte[] value)
    {
        if ((await _dht.PutMutableAsync(Keys, sequence, value)).Nodes.IsEmpty)
            throw new ChurnException("no node took the value");
    }

    public async Task<byte[]?> GetMutableAsync(PublicKey key) => (await _dht.GetMutableAsync(key)).Value?.ToArray();

    public async Task EchoAsync(PublicKey server, int bytes)
    {
        byte[] data = new byte[bytes];
        Random.Shared.NextBytes(data);
        TaskCompletionSource<object> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef owner = _runtime.System.ActorOf(EchoActor.Client(data, outcome));
        _dht.Dht.Tell(new HyperDhtProtocol.Connect(1, server, Keys) { Preamble = [EchoActor.Listening(owner)] }, owner);
        object result = await outcome.Task.WaitAsync(Patience);
        _runtime.System.Stop(owner);
        if (result is not byte[] echoed)
            throw new ChurnException($"{result}");
        if (!echoed.AsSpan().SequenceEqual(data))
            throw new ChurnException("other bytes came back");
    }

    public async Task StopAsync(bool isGraceful)
    {
        if (isGraceful)
            await _dht.StopListeningAsync(Keys.PublicKey);
        await _node.StopAsync();
        _runtime.System.Stop(_server);
    }
}
