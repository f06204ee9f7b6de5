using Hyper.Actors.Networking.Connections;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux;
using Hyper.Protocol.SecretStream.Noise;
using Hyper.Protocol.Udx.Packets;

namespace AuctionActors.Actors.Tests.Networking.Connections;

/// <summary>Two connection machines that are joined packet by packet; time moves only when that is asked for.</summary>
internal sealed class MachinePair
{
    public MachinePair(bool speaksAtOnce = false)
    {
        (NoiseResult initiator, NoiseResult responder) = Sessions.Create();
        (A, B) = (Connected(1, 2, initiator, speaksAtOnce), Connected(2, 1, responder, speaksAtOnce));
    }

    public ConnectionMachine A { get; }

    public ConnectionMachine B { get; }

    public TimeSpan Now { get; private set; }

    /// <summary>What A and B reported besides packets.</summary>
    public List<ConnectionEffect> AtA { get; } = [];

    public List<ConnectionEffect> AtB { get; } = [];

    public (int A, int B) OpenChannels()
    {
        ChannelRequest request = new("test", default, 1);
        Assert.True(A.Mux.TryOpenChannel(request, out int a) & B.Mux.TryOpenChannel(request, out int b));
        Run();
        return (a, b);
    }

    /// <summary>Carries packets until none are left; all that one side sends at once arrive at once.</summary>
    public void Run()
    {
        while (Carry(A, B, AtA) | Carry(B, A, AtB))
        {
        }
    }

    /// <summary>Moves time from deadline to deadline, for a minute at most, until a condition holds; false when it never did.</summary>
    public bool RunUntil(Func<bool> condition)
    {
        TimeSpan end = Now + TimeSpan.FromMinutes(1);
        Run();
        while (!condition())
        {
            TimeSpan next = (A.NextDeadline ?? end) < (B.NextDeadline ?? end) ? A.NextDeadline!.Value : B.NextDeadline ?? end;
            if (next >= end)
                return false;
            Now = next > Now ? next : Now;
            A.HandleTimeout(Now);
            B.HandleTimeout(Now);
            Run();
        }

        return true;
    }

    private static ConnectionMachine Connected(uint localId, uint remoteId, NoiseResult session, bool speaksAtOnce)
    {
        ConnectionMachine machine = new(new ConnectionOptions(), localId, new SeededEntropy(localId, "connection"), TimeSpan.Zero);
        machine.Establish(session, TimeSpan.FromSeconds(10), speaksAtOnce, TimeSpan.Zero);
        machine.Connect(remoteId, TimeSpan.Zero);
        return machine;
    }

    private bool Carry(ConnectionMachine from, ConnectionMachine to, List<ConnectionEffect> seen)
    {
        bool moved = false;
        from.Settle(Now);
        while (from.TryTake(out ConnectionEffect effect))
        {
            if (effect is not ConnectionEffect.Transmit transmit)
            {
                seen.Add(effect);
                continue;
            }

            moved = true;
            using PacketBatch packets = transmit.Packets;
            for (int i = 0; i < packets.Count; i++)
                to.HandleDatagram(packets[i].ToArray(), Now);
        }

        return moved;
    }
}
