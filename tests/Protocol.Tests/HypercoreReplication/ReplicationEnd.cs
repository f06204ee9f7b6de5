using System.Text;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace AuctionActors.Protocol.Tests.HypercoreReplication;

/// <summary>A machine with its core in memory; what it sends is kept until it is taken.</summary>
internal sealed class ReplicationEnd
{
    private readonly ChannelHandshake _own;

    public ReplicationEnd(
        MemoryCore core, bool initiator, bool downloading = true, byte[]? handshakeHash = null, ReplicationOptions? options = null,
        bool following = false, bool allowsPush = false, bool pushOnly = false)
    {
        byte[] hash = handshakeHash ?? [.. Enumerable.Repeat((byte)0xab, 64)];
        Core = core;
        _own = ChannelHandshake.For(core.Key, hash, initiator);
        Machine = new ReplicationMachine(
            core.State, core.ToBlockSet(), ChannelHandshake.For(core.Key, hash, !initiator), downloading, options)
        {
            IsFollowing = following,
            AllowsPush = allowsPush,
            IsPushOnly = pushOnly,
        };
    }

    public MemoryCore Core { get; }

    public ReplicationMachine Machine { get; }

    public TimeSpan Now { get; set; }

    public Queue<ReplicationMessage> Sent { get; } = [];

    public List<ReplicationEffect> Ended { get; } = [];

    public bool HoldVerification { get; set; }

    public List<ReplicationEffect.Verify> Held { get; } = [];

    public byte[] Handshake => _own.Encode();

    public void Open(byte[] remoteHandshake)
    {
        Machine.HandleOpened(remoteHandshake, Now);
        Drain();
    }

    public void Receive(ReplicationMessage message) => Receive(message.Type, MessageCodec.Encode(message));

    public void Receive(int type, byte[] body)
    {
        Machine.HandleMessage(type, body, Now);
        Drain();
    }

    public void Append(params string[] blocks)
    {
        long start = Core.Tree.Length;
        Core.Append([.. blocks.Select(Encoding.UTF8.GetBytes)]);
        Machine.HandleBlocks(start, blocks.Length, dropped: false, Now);
        Machine.HandleCore(Core.State, Now);
        Drain();
    }

    public void Drain()
    {
        while (Machine.TryTake(out ReplicationEffect? effect))
        {
            switch (effect)
            {
                case ReplicationEffect.Send send:
                    Sent.Enqueue(send.Message);
                    break;
                case ReplicationEffect.PlanBlocks plan:
                    Machine.HandlePlan(new PlanAnswer([.. plan.Blocks.Select(Core.Plan)], []), Now);
                    break;
                case ReplicationEffect.FindRoots find:
                    Machine.HandleRoots(find.Length, MerkleTree.TryLoad(Core, Core.Tree.Fork, find.Length, default, out _, out _));
                    break;
                case ReplicationEffect.Prove prove:
                    Machine.HandleProof(prove.Request, Core.Prove(prove.Parts, prove.Manifest), Now);
                    break;
                case ReplicationEffect.Verify verify when !HoldVerification:
                    Store(verify);
                    break;
                case ReplicationEffect.Verify verify:
                    Held.Add(verify);
                    break;
                case ReplicationEffect.CloseChannel or ReplicationEffect.DestroyConnection or ReplicationEffect.CheckConflict:
                    Ended.Add(effect);
                    break;
            }
        }
    }

    /// <summary>Opens both ends and carries messages until nothing moves.</summary>
    public static void Connect(ReplicationEnd one, ReplicationEnd other)
    {
        one.Open(other.Handshake);
        other.Open(one.Handshake);
        Run(one, other);
    }

    public static void Run(ReplicationEnd one, ReplicationEnd other)
    {
        for (int rounds = 0; one.Sent.Count + other.Sent.Count > 0; rounds++)
        {
            Assert.True(rounds < 100_000, "the two ends never come to rest");
            if (one.Sent.TryDequeue(out ReplicationMessage? message))
                other.Receive(message);
            if (other.Sent.TryDequeue(out message))
                one.Receive(message);
        }
    }

    private void Store(ReplicationEffect.Verify verify)
    {
        VerifyOutcome outcome = Core.Verify(verify.Proof);
        if (outcome == VerifyOutcome.Stored)
        {
            if (verify.Proof.Block is { } block)
                Machine.HandleBlocks(block.Index, 1, dropped: false, Now);
            Machine.HandleCore(Core.State, Now);
        }

        Machine.HandleVerified(verify.Request, outcome, Now);
    }
}
