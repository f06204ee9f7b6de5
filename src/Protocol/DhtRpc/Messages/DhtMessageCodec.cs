using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.DhtRpc.Messages;

/// <summary>The bytes of dht-rpc version 3 requests and replies.</summary>
public static class DhtMessageCodec
{
    /// <summary>First byte of a request.</summary>
    public const byte RequestByte = 0x03;

    /// <summary>First byte of a reply.</summary>
    public const byte ReplyByte = 0x13;

    private const ulong IdFlag = 1, TokenFlag = 2, InternalFlag = 4, TargetFlag = 8, ValueFlag = 16;
    private const ulong CloserNodesFlag = 4, ErrorFlag = 8;

    [ThreadStatic]
    private static CompactWriter? t_writer;

    /// <summary>True when the first byte belongs to this protocol.</summary>
    public static bool IsDhtRpc(ReadOnlySpan<byte> datagram)
        => datagram.Length > 1 && datagram[0] is RequestByte or ReplyByte;

    /// <summary>Decodes one datagram; bytes after the known fields are ignored, as upstream does. Copies what it keeps.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> datagram, [NotNullWhen(true)] out DhtMessage? message)
    {
        CompactReader reader = new(datagram);
        message = null;
        if (!reader.TryUInt8(out byte first))
            return false;
        return first switch
        {
            RequestByte => TryDecodeRequest(ref reader, out message),
            ReplyByte => TryDecodeReply(ref reader, out message),
            _ => false,
        };
    }

    /// <summary>The datagram of a message.</summary>
    public static byte[] Encode(DhtMessage message)
    {
        CompactWriter writer = t_writer ??= new CompactWriter();
        writer.Reset();
        switch (message)
        {
            case DhtRequest request:
                Write(writer, request);
                break;
            case DhtReply reply:
                Write(writer, reply);
                break;
        }

        return writer.ToArray();
    }

    private static void Write(CompactWriter writer, DhtRequest request)
    {
        ulong flags = SharedFlags(request)
            | (request.Command.IsInternal ? InternalFlag : 0)
            | (request.Target.HasValue ? TargetFlag : 0);
        WriteHeader(writer, RequestByte, flags, request);
        writer.UInt(request.Command.Number);
        if (request.Target is { } target)
            writer.Fixed32(target);
        if (request.Value is { } value)
            writer.Buffer(value.Span);
    }

    private static void Write(CompactWriter writer, DhtReply reply)
    {
        ulong flags = SharedFlags(reply)
            | (reply.CloserNodes.Length > 0 ? CloserNodesFlag : 0)
            | (reply.Error != DhtError.None ? ErrorFlag : 0);
        WriteHeader(writer, ReplyByte, flags, reply);
        if (reply.CloserNodes.Length > 0)
            writer.Addresses(reply.CloserNodes.AsSpan());
        if (reply.Error != DhtError.None)
            writer.UInt((ulong)reply.Error);
        if (reply.Value is { } value)
            writer.Buffer(value.Span);
    }

    private static ulong SharedFlags(DhtMessage message)
        => (message.Id.HasValue ? IdFlag : 0) | (message.Token.HasValue ? TokenFlag : 0) | (message.Value.HasValue ? ValueFlag : 0);

    private static void WriteHeader(CompactWriter writer, byte first, ulong flags, DhtMessage message)
    {
        writer.UInt8(first).UInt(flags).UInt16(message.TransactionId).Address(message.To);
        if (message.Id is { } id)
            writer.Fixed32(id.Value);
        if (message.Token is { } token)
            writer.Fixed32(token);
    }

    private static bool TryDecodeRequest(ref CompactReader reader, out DhtMessage? message)
    {
        message = null;
        if (!TryReadHeader(ref reader, out Header header)
            || !reader.TryUInt(out ulong command)
            || !TryReadFixed32(ref reader, header.Has(TargetFlag), out Bytes32? target)
            || !TryReadValue(ref reader, header.Has(ValueFlag), out ReadOnlyMemory<byte>? value))
            return false;
        message = new DhtRequest(header.TransactionId, header.To, new DhtCommand(header.Has(InternalFlag), command))
        {
            Id = header.Id,
            Token = header.Token,
            Target = target,
            Value = value,
        };
        return true;
    }

    private static bool TryDecodeReply(ref CompactReader reader, out DhtMessage? message)
    {
        message = null;
        PeerAddress[] closerNodes = [];
        ulong error = 0;
        if (!TryReadHeader(ref reader, out Header header)
            || (header.Has(CloserNodesFlag) && !reader.TryAddresses(out closerNodes))
            || (header.Has(ErrorFlag) && !reader.TryUInt(out error))
            || !TryReadValue(ref reader, header.Has(ValueFlag), out ReadOnlyMemory<byte>? value))
            return false;
        message = new DhtReply(header.TransactionId, header.To)
        {
            Id = header.Id,
            Token = header.Token,
            CloserNodes = ImmutableCollectionsMarshal.AsImmutableArray(closerNodes),
            Error = (DhtError)error,
            Value = value,
        };
        return true;
    }

    private static bool TryReadHeader(ref CompactReader reader, out Header header)
    {
        header = default;
        if (!reader.TryUInt(out ulong flags)
            || !reader.TryUInt16(out ushort transactionId)
            || !reader.TryAddress(out PeerAddress to)
            || !TryReadFixed32(ref reader, (flags & IdFlag) != 0, out Bytes32? id)
            || !TryReadFixed32(ref reader, (flags & TokenFlag) != 0, out Bytes32? token))
            return false;
        header = new Header(flags, transactionId, to, id is { } known ? new NodeId(known) : null, token);
        return true;
    }

    private static bool TryReadFixed32(ref CompactReader reader, bool present, out Bytes32? value)
    {
        value = null;
        if (!present)
            return true;
        if (!reader.TryFixed32(out Bytes32 bytes))
            return false;
        value = bytes;
        return true;
    }

    private static bool TryReadValue(ref CompactReader reader, bool present, out ReadOnlyMemory<byte>? value)
    {
        value = null;
        if (!present)
            return true;
        if (!reader.TryBuffer(out ReadOnlySpan<byte> bytes))
            return false;
        value = bytes.ToArray();
        return true;
    }

    private readonly record struct Header(ulong Flags, ushort TransactionId, PeerAddress To, NodeId? Id, Bytes32? Token)
    {
        public bool Has(ulong flag) => (Flags & flag) != 0;
    }
}
