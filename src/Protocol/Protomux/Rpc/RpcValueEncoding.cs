using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Protomux.Rpc;

/// <summary>How arguments and results are wrapped; nothing on the wire says which was used.</summary>
public enum RpcValueEncoding
{
    /// <summary>With a length of its own, the default of the JavaScript modules; null and empty are the same.</summary>
    Buffer,

    /// <summary>The bytes as they are.</summary>
    Raw,
}

internal static class RpcValues
{
    /// <summary>What stands between a message's other fields and the value.</summary>
    internal static CompactWriter Prefix(this CompactWriter writer, RpcValueEncoding encoding, int valueLength)
        => encoding == RpcValueEncoding.Raw ? writer : writer.UInt((ulong)valueLength);

    /// <summary>What follows a length-prefixed value is ignored, as upstream does.</summary>
    internal static bool TryDecode(this RpcValueEncoding encoding, ReadOnlyMemory<byte> encoded, out ReadOnlyMemory<byte> value)
    {
        value = encoded;
        if (encoding == RpcValueEncoding.Raw)
            return true;
        CompactReader reader = new(encoded.Span);
        if (!reader.TryBuffer(out ReadOnlySpan<byte> bytes))
            return false;
        value = encoded.Slice(reader.Position - bytes.Length, bytes.Length);
        return true;
    }
}
