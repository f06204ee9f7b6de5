using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Announcing;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.HyperDht.Records;

namespace AuctionActors.Protocol.Tests.HyperDht.Announcing;

/// <summary>An announcer among nodes that answer it by hand.</summary>
public abstract class AnnouncerKit
{
    private static readonly KeyPair Keys = KeyPair.FromSeed(Blake2b.Hash256([1]));
    private static readonly Bytes32 Target = PeerRecord.TargetOf(Keys.PublicKey);
    private protected static readonly PeerAddress Own = PeerAddress.Loopback(9000);

    private protected AnnouncerMachine Machine { get; } = new(new AnnouncerOptions(), Keys);

    private protected Dictionary<PeerAddress, Node> KnownNodes { get; } = [];

    private protected List<AnnouncerEffect> Effects { get; } = [];

    private protected TimeSpan Now { get; set; }

    private protected AnnouncerEffect.Announced Announced => Effects.OfType<AnnouncerEffect.Announced>().Last();

    private protected PeerAddress[] Nodes(int first, int count)
    {
        PeerAddress[] addresses = [.. Enumerable.Range(first, count).Select(PeerAddress.Loopback)];
        foreach (PeerAddress address in addresses)
            KnownNodes.TryAdd(address, new Node(address));
        return addresses;
    }

    private protected bool Holds(PeerAddress address) => KnownNodes[address].Holds;

    private protected void Rest(IReadOnlyList<PeerAddress> closest)
    {
        Now = Machine.NextDeadline!.Value;
        Machine.HandleTimeout(Now);
        Run(closest);
    }

    private protected void Run(IReadOnlyList<PeerAddress> closest)
    {
        while (Machine.TryTake(out AnnouncerEffect? effect))
        {
            Effects.Add(effect);
            if (effect is AnnouncerEffect.Walk)
                Machine.HandleWalkFinished([.. closest.Select(address => KnownNodes[address].Greeting)], Now);
            else if (effect is AnnouncerEffect.Send send && KnownNodes[send.Request.To].Answer(send.Request, Now) is { } reply)
                Machine.HandleReply(send.Ticket, reply, Now);
            else if (effect is AnnouncerEffect.Send lost)
                Machine.HandleFailure(lost.Ticket, Now);
        }
    }

    /// <summary>A persistent node that checks signatures as a real one does.</summary>
    private protected sealed class Node
    {
        private readonly PeerAddress _address;
        private readonly NodeId _id;
        private readonly Bytes32 _token;
        private readonly ForwardTable _forwards = new(new RecordOptions());
        private readonly RecordServer _server;

        public Node(PeerAddress address)
        {
            RecordOptions options = new();
            (_address, _id, _token) = (address, NodeId.Of(address), Blake2b.Hash256([(byte)address.Port]));
            _server = new RecordServer(options, new RecordStore(options, new SeededEntropy(1, "node")), _forwards);
        }

        public bool IsDown { get; set; }

        public bool Refuses { get; set; }

        public int Pings { get; private set; }

        public bool Holds => _forwards.TryFind(Target, default, out _);

        public ReceivedReply Greeting => new(_address, _id, Own) { Token = _token };

        public ReceivedReply? Answer(OutgoingRequest request, TimeSpan now)
        {
            if (IsDown)
                return null;
            if (Refuses)
                return Greeting with { Error = DhtError.UnknownCommand };
            if (request.Command == DhtCommand.Ping)
            {
                Pings++;
                return Greeting;
            }

            Assert.True(request.Token is null || request.Token == _token);
            RecordRequest record = new((HyperDhtCommand)request.Command.Number, request.Target, request.Token, request.Value, Own);
            return _server.Handle(record, _id.Value, 0, now) is RecordAnswer.Reply reply ? Greeting with { Value = reply.Value } : null;
        }
    }
}
