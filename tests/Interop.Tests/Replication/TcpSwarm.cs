using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Swarm.Replication;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Interop.Tests.Replication;

/// <summary>Our replication actors with a TCP port that JavaScript peers connect to.</summary>
internal sealed class TcpSwarm : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TcpListener _listener;
    private readonly RealRuntime _runtime = new("tcp-swarm");
    private readonly SeededEntropy _entropy = new(6, "tcp swarm");
    private int _connections;

    /// <param name="files">Of a swarm that was disposed, to go on with its cores.</param>
    /// <param name="port">Of that swarm; any when 0.</param>
    public TcpSwarm(MemoryFileStore? files = null, int port = 0)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        Files = files ?? new MemoryFileStore();
        Replication = _runtime.System.ActorOf(ReplicationActor.Props(Runtime), "replication");
    }

    public MemoryFileStore Files { get; }

    public IActorRef Replication { get; }

    public PeerRuntime Runtime => _runtime.Peer("tcp-swarm", Files);

    public ActorSystem System => _runtime.System;

    /// <summary>For scripts: <c>--port</c>.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Opens a core in memory and replicates it.</summary>
    public CoreClient Open(CoreIdentity identity, bool isSparse = false, bool isFollowed = true, HypercoreOptions? storage = null)
    {
        string name = FolderOf(identity.Key);
        CoreOptions options = new() { Folder = name, Identity = identity, Storage = storage ?? new HypercoreOptions() };
        IActorRef core = System.ActorOf(CoreActor.Props(Runtime, options), name);
        Replication.Tell(new ReplicationProtocol.AddCore(identity.Key, core, isFollowed, isSparse));
        return new CoreClient(core, Patience);
    }

    public static string FolderOf(CoreKey key) => $"core-{key.ToHex()[..16]}";

    /// <summary>Takes the next connection; the side that dialled is not the initiator of the handshake unless told so.</summary>
    public IActorRef Accept(bool weInitiate = true)
    {
        TcpClient client = _listener.AcceptTcpClient();
        Props props = TcpConnectionActor.Props(client, weInitiate, _entropy.Derive($"{++_connections}"), (connection, session) =>
        {
            connection.Tell(new ConnectionProtocol.ListenChannel("hypercore/alpha", null, Replication));
            connection.Tell(new ConnectionProtocol.ListenChannel("hypercore", null, Replication));
            Replication.Tell(new ReplicationProtocol.AddConnection(connection, session));
        });
        return System.ActorOf(props, $"connection-{_connections}");
    }

    /// <summary>Waits until a core has come to a state.</summary>
    public static async Task<CoreInfo> UntilAsync(CoreClient core, Func<CoreInfo, bool> condition)
    {
        using CancellationTokenSource limit = new(Patience);
        while (true)
        {
            CoreInfo info = await core.GetInfoAsync();
            if (condition(info))
                return info;
            Assert.False(limit.IsCancellationRequested, $"the core stays at length {info.Length}, fork {info.Fork}, {info.ContiguousLength} stored");
            await Task.Delay(10, CancellationToken.None);
        }
    }

    public void Dispose()
    {
        _runtime.StopAsync().Wait(Patience);
        _runtime.Dispose();
        _listener.Dispose();
    }
}
