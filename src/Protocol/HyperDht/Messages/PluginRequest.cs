using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;

namespace Hyper.Protocol.HyperDht.Messages;

/// <summary>The value of PLUGIN: a command of an extension that only some nodes of a network serve.</summary>
/// <param name="Plugin">Name of the extension.</param>
/// <param name="Version">Of the extension; nodes that serve another one are silent.</param>
/// <param name="Command">Whose numbers are the extension's own.</param>
/// <param name="Value">An empty one is none, as upstream reads it.</param>
public sealed record PluginRequest(string Plugin, ulong Version, ulong Command, ReadOnlyMemory<byte>? Value = null)
{
    private const ulong ValueFlag = 1;

    /// <summary>Puts the command to one node.</summary>
    public OutgoingRequest To(PeerAddress node, Bytes32? target = null, Bytes32? token = null)
        => new(node, HyperDhtCommand.Plugin.ToDht()) { Target = target, Token = token, Value = Encode() };

    /// <summary>Puts the command to ever closer nodes.</summary>
    public QueryDefinition Towards(Bytes32 target) => new(target, HyperDhtCommand.Plugin.ToDht()) { Value = Encode() };

    public byte[] Encode()
    {
        CompactWriter writer = new();
        writer.Text(Plugin).UInt(Version).UInt(Command).UInt(Value is null ? 0 : ValueFlag);
        if (Value is { } value)
            writer.Buffer(value.Span);
        return writer.ToArray();
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out PluginRequest request)
    {
        CompactReader reader = new(bytes);
        bool read = reader.TryText(out string plugin);
        read &= reader.TryUInt(out ulong version);
        read &= reader.TryUInt(out ulong command);
        read &= reader.TryUInt(out ulong flags);
        ReadOnlySpan<byte> value = [];
        if (read && (flags & ValueFlag) != 0)
            read = reader.TryBuffer(out value);
        request = new PluginRequest(plugin, version, command, value.IsEmpty ? (ReadOnlyMemory<byte>?)null : value.ToArray());
        return read;
    }
}
