using System.Diagnostics;

namespace AuctionActors.Interop.Tests.Nat;

/// <summary>Makes the links of the core long: every packet that crosses it waits here, is seen, and goes on.</summary>
internal sealed class WireDelay : IDisposable
{
    /// <summary>Packets with less left have been sent to die on their way, after their own NAT and before the other.</summary>
    private const int FewestHops = 16;
    private const int LargestPacket = 4096, MostWaiting = 65536, HeaderSize = 20;
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(100);
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ready = new();
    private readonly PriorityQueue<byte[], (TimeSpan Due, long Order)> _waiting = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private volatile bool _isOver;
    private long _order;

    /// <param name="namespaceFile">Of the core, in which the interface <c>wire</c> is made.</param>
    public WireDelay(string namespaceFile)
    {
        _thread = new Thread(() => Run(namespaceFile)) { IsBackground = true, Name = "nat-wire" };
        _thread.Start();
        _ready.Task.GetAwaiter().GetResult();
    }

    public WireObserver Observer { get; } = new();

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
    }

    private void Run(string namespaceFile)
    {
        Tun tun;
        try
        {
            tun = Tun.OpenIn(namespaceFile, "wire");
        }
        catch (LabException failure)
        {
            _ready.SetException(failure);
            return;
        }

        _ready.SetResult();
        using (tun)
            Carry(tun);
    }

    private void Carry(Tun tun)
    {
        byte[] buffer = new byte[LargestPacket];
        while (!_isOver)
        {
            tun.Wait(_waiting.TryPeek(out _, out (TimeSpan Due, long Order) next) ? Max(next.Due - _clock.Elapsed, TimeSpan.Zero) : Idle);
            for (int size = tun.Read(buffer); size > 0; size = tun.Read(buffer))
                Take(buffer.AsSpan(0, size));
            while (_waiting.TryPeek(out byte[]? packet, out next) && next.Due <= _clock.Elapsed)
            {
                _waiting.Dequeue();
                tun.Write(packet);
            }
        }
    }

    private void Take(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < HeaderSize || packet[0] >> 4 != 4 || _waiting.Count >= MostWaiting)
            return;
        bool dies = packet[8] < FewestHops;
        Observer.See(packet, dies);
        if (!dies)
            _waiting.Enqueue(packet.ToArray(), (_clock.Elapsed + Length(packet[12..16]) + Length(packet[16..20]), _order++));
    }

    // Half of the way between two homes; the DHT nodes are at different distances, so that their answers come one after another.
    private static TimeSpan Length(ReadOnlySpan<byte> host)
        => TimeSpan.FromMilliseconds(host[0] != 20 ? 10 : host[3] < 11 ? 5 : 5 + (2.5 * (host[3] - 10)));

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
