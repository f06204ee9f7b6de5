using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Protomux;

/// <summary>An open, reject or close; batches are unfolded before, and kinds that do not exist yet are null.</summary>
/// <param name="Type">What the sender wants.</param>
/// <param name="Id">The sender's id for the channel; on a reject, the receiver's.</param>
/// <param name="Name">Of an open.</param>
/// <param name="Handshake">Of an open: whatever follows.</param>
internal sealed record ControlMessage(ControlType Type, ulong Id, ChannelName Name, ReadOnlyMemory<byte> Handshake)
{
    internal static bool TryRead(ulong type, ReadOnlyMemory<byte> body, out ControlMessage? message)
    {
        message = null;
        if (type is < (ulong)ControlType.Open or > (ulong)ControlType.Close)
            return true;
        CompactReader reader = new(body.Span);
        if (!reader.TryUInt(out ulong id))
            return false;
        ChannelName name = default;
        if (type == (ulong)ControlType.Open)
        {
            if (!reader.TryText(out string protocol) || !reader.TryBuffer(out ReadOnlySpan<byte> nameId))
                return false;
            name = new ChannelName(protocol, nameId.ToArray());
        }

        message = new ControlMessage((ControlType)type, id, name, body[reader.Position..]);
        return true;
    }
}
