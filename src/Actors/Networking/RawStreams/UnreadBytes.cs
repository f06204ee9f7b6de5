using Hyper.Protocol.Udx.Streams;

namespace Hyper.Actors.Networking.RawStreams;

/// <summary>Bytes of a stream that have arrived and wait for their reader.</summary>
internal sealed class UnreadBytes
{
    private readonly List<byte[]> _arrivals = [];

    public int Count { get; private set; }

    /// <summary>Copies pieces that do not stay.</summary>
    public void Add(UdxStreamEffect.DataReceived data)
    {
        byte[] arrival = new byte[data.ByteLength];
        data.CopyTo(arrival);
        _arrivals.Add(arrival);
        Count += data.ByteLength;
    }

    /// <summary>Everything, as one.</summary>
    public ReadOnlyMemory<byte> TakeAll()
    {
        if (_arrivals is not [byte[] all])
        {
            all = new byte[Count];
            Span<byte> rest = all;
            foreach (byte[] arrival in _arrivals)
            {
                arrival.CopyTo(rest);
                rest = rest[arrival.Length..];
            }
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
