using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;

namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>When to send which probe.</summary>
/// <param name="burst">Probes that may go out at once after the timer was late, so that their rate is kept.</param>
internal abstract class ProbeSchedule(int tries, TimeSpan interval, TimeSpan first, int burst = 1)
{
    private int _sent;

    /// <summary>Nothing is left to try, and time for an answer has passed.</summary>
    public bool IsOver { get; private set; }

    public TimeSpan? NextDeadline => IsOver ? null : Next;

    private TimeSpan Next { get; set; } = first;

    public void Advance(TimeSpan now)
    {
        for (int sent = 0; now >= Next && sent < burst && !IsOver; sent++)
        {
            if (_sent == tries)
                IsOver = true;
            else
                Send(_sent++);
            Next += interval;
        }

        if (Next <= now)
            Next = now + interval;
    }

    protected abstract void Send(int round);
}

/// <summary>Both ports are known: every second, and now and then the addresses that nobody vouches for.</summary>
internal sealed class ConsistentProbes(Puncher puncher, HolepunchOptions options, TimeSpan first)
    : ProbeSchedule(options.ConsistentTries, options.ConsistentInterval, first)
{
    private const int UnverifiedEvery = 4;

    protected override void Send(int round)
    {
        foreach (PeerAddress address in puncher.Remote.Addresses)
        {
            if (puncher.Remote.IsVerified(address) || (round + 1) % UnverifiedEvery == 0)
                puncher.Probe(puncher.Socket, address);
        }
    }
}

/// <summary>The remote's port is random: many ports of its host, from one socket.</summary>
internal sealed class RandomPortProbes(Puncher puncher, PeerAddress remote, IEntropy entropy, HolepunchOptions options, TimeSpan first)
    : ProbeSchedule(options.RandomTries, options.RandomInterval, first, options.RandomBurst)
{
    private const int FirstPort = 1000;

    protected override void Send(int round)
    {
        ushort port = (ushort)(FirstPort + entropy.NextInt32(1 + ushort.MaxValue - FirstPort));
        puncher.Probe(puncher.Socket, remote with { Port = port });
    }
}

/// <summary>Our own port is random: many sockets, so that one of their ports is found by the remote.</summary>
/// <remarks>The first time around, probes die before the remote's NAT, which might hold them against us.</remarks>
internal sealed class BirthdayProbes(Puncher puncher, PeerAddress remote, IReadOnlyList<LocalSocket> sockets, HolepunchOptions options, TimeSpan first)
    : ProbeSchedule(options.RandomTries, options.RandomInterval, first, options.RandomBurst)
{
    protected override void Send(int round)
    {
        LocalSocket socket = sockets[round % sockets.Count];
        if (round < sockets.Count)
            puncher.Knock(socket, remote);
        else
            puncher.Probe(socket, remote);
    }
}
