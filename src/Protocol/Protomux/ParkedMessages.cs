using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Protomux;

/// <summary>Messages for a channel that is not open yet, in one piece of memory that is no longer than what the remote has sent.</summary>
internal sealed class ParkedMessages
{
    private const int CostPerMessage = 512;
    private CompactWriter? _bytes;

    /// <summary>Bytes of memory.</summary>
    internal int ByteLength => _bytes?.Length ?? 0;

    /// <summary>What the messages are charged, by upstream's formula.</summary>
    internal long Cost { get; private set; }

    /// <summary>Bytes of memory that a message takes.</summary>
    internal static int LengthOf(int type, int payloadLength) => CompactSize.UInt((ulong)type) + CompactSize.Buffer(payloadLength);

    /// <summary>Keeps a copy, because a slice would hold on to the whole input.</summary>
    internal void Add(int type, ReadOnlySpan<byte> payload)
    {
        _bytes ??= new CompactWriter(LengthOf(type, payload.Length));
        _bytes.UInt((ulong)type).Buffer(payload);
        Cost += CostPerMessage + payload.Length;
    }

    /// <summary>Gives the messages away, in their order.</summary>
    internal IEnumerable<(int Type, ReadOnlyMemory<byte> Payload)> Take()
    {
        ReadOnlyMemory<byte> rest = _bytes?.Detach() ?? default;
        while (TryRead(ref rest, out int type, out ReadOnlyMemory<byte> payload))
            yield return (type, payload);
    }

    private static bool TryRead(ref ReadOnlyMemory<byte> rest, out int type, out ReadOnlyMemory<byte> payload)
    {
        (type, payload) = (0, default);
        CompactReader reader = new(rest.Span);
        if (!reader.TryUInt(out ulong kind) || !reader.TryBuffer(out ReadOnlySpan<byte> bytes))
            return false;
        (type, payload) = ((int)kind, rest.Slice(reader.Position - bytes.Length, bytes.Length));
        rest = rest[reader.Position..];
        return true;
    }
}
