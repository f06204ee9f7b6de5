using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;

namespace AuctionActors.Protocol.Tests.DhtRpc;

/// <summary>Datagrams between node machines in virtual time, one event after the other.</summary>
internal sealed class VirtualNetwork(ulong seed)
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly Dictionary<PeerAddress, (VirtualNode Node, LocalSocket Socket)> _sockets = [];
    private readonly SeededEntropy _loss = new(seed, "loss");
    private long _order;

    public TimeSpan Now { get; private set; }

    public List<VirtualNode> Nodes { get; } = [];

    public double LossRate { get; set; }

    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(5);

    public long Datagrams { get; private set; }

    /// <summary>Sees every datagram that is sent.</summary>
    public Action<ReadOnlyMemory<byte>> Watch { get; set; } = _ => { };

    public SeededEntropy Entropy(string purpose) => new(seed, purpose);

    public VirtualNode Add(DhtNodeOptions options, PeerAddress server, bool isBehindFirewall = false)
    {
        PeerAddress client = server with { Port = (ushort)(server.Port + 10000) };
        VirtualNode node = new(this, options, server, client, isBehindFirewall);
        Nodes.Add(node);
        _sockets[server] = (node, LocalSocket.Server);
        _sockets[client] = (node, LocalSocket.Client);
        node.Start();
        return node;
    }

    public void Remove(VirtualNode node)
    {
        Nodes.Remove(node);
        _sockets.Remove(node.ServerAddress);
        _sockets.Remove(node.ClientAddress);
    }

    public void Transmit(ReadOnlyMemory<byte> datagram, PeerAddress from, PeerAddress to)
    {
        Datagrams++;
        Watch(datagram);
        if (_loss.NextDouble() < LossRate)
            return;
        At(Now + Latency, () =>
        {
            if (_sockets.TryGetValue(to, out (VirtualNode Node, LocalSocket Socket) receiver))
                receiver.Node.Receive(datagram, from, receiver.Socket);
        });
    }

    public void At(TimeSpan when, Action action) => _events.Enqueue(action, (when, ++_order));

    public void RunFor(TimeSpan duration)
    {
        TimeSpan end = Now + duration;
        while (_events.TryPeek(out Action? action, out (TimeSpan At, long Order) key) && key.At <= end)
        {
            _events.Dequeue();
            Now = key.At;
            action();
        }

        Now = end;
    }
}
