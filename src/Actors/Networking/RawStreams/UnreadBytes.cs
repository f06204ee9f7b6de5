namespace Hyper.Actors.Networking.RawStreams;

/// <summary>Bytes of a stream that have arrived and wait for their reader.</summary>
internal sealed class UnreadBytes
{
    private readonly List<byte[]> _arrivals = [];

    public int Count { get; private set; }

    /// <summary>Copies pieces that do not stay.</summary>
    public void Add(IReadOnlyList<ReadOnlyMemory<byte>> pieces, int byteLength)
    {
        byte[] arrival = new byte[byteLength];
        int at = 0;
        foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            piece.CopyTo(arrival.AsMemory(at));
            at += piece.Length;
        }

        _arrivals.Add(arrival);
        Count += byteLength;
    }

    /// <summary>Everything, as one.</summary>
    public ReadOnlyMemory<byte> TakeAll()
    {
        byte[] all = _arrivals.Count == 1 ? _arrivals[0] : new byte[Count];
        int at = 0;
        foreach (byte[] arrival in _arrivals.Count == 1 ? [] : _arrivals)
        {
            arrival.CopyTo(all, at);
            at += arrival.Length;
        }

        Clear();
        return all;
    }

    public void Clear()
    {
        _arrivals.Clear();
        Count = 0;
    }
}
