using System.Buffers;

namespace Hyper.Protocol.Udx.Streams;

/// <summary>Ordered bytes waiting for the reader; two buffers change places so that a batch is handed out without copying.</summary>
internal sealed class ReceivedBytes
{
    // A wake-up brings one packet or many; each copy of what came before is worth avoiding.
    private const int Growth = 8;
    private byte[] _filling = [];
    private byte[] _lent = [];

    public int Count { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Count + bytes.Length > _filling.Length)
            Grow(Count + bytes.Length);
        bytes.CopyTo(_filling.AsSpan(Count));
        Count += bytes.Length;
    }

    /// <summary>Lends everything received; the memory is taken back by <see cref="Reclaim"/>.</summary>
    public ReadOnlyMemory<byte> Lend()
    {
        Reclaim();
        (_lent, _filling) = (_filling, []);
        int count = Count;
        Count = 0;
        return _lent.AsMemory(0, count);
    }

    public void Reclaim()
    {
        if (_lent.Length > 0)
            ArrayPool<byte>.Shared.Return(_lent);
        _lent = [];
    }

    private void Grow(int required)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(required, _filling.Length * Growth));
        _filling.AsSpan(0, Count).CopyTo(larger);
        if (_filling.Length > 0)
            ArrayPool<byte>.Shared.Return(_filling);
        _filling = larger;
    }
}
