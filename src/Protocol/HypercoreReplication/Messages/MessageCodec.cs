using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.HypercoreReplication.Messages;

/// <summary>The bytes of each message; decoding never throws and ignores fields that later versions append.</summary>
public static class MessageCodec
{
    /// <summary>Later numbers are left to later versions and ignored.</summary>
    public const int LastType = 9;

    public static byte[] Encode(ReplicationMessage message) => ToMemory(message).ToArray();

    /// <summary>The same bytes without the last copy.</summary>
    public static ReadOnlyMemory<byte> ToMemory(ReplicationMessage message)
    {
        CompactWriter writer = new(Capacity(message));
        Encode(writer, message);
        return writer.Detach();
    }

    /// <summary>Bytes that the message usually fits in.</summary>
    internal static int Capacity(ReplicationMessage message) => message is DataMessage data ? DataCodec.Capacity(data.Proof) : 64;

    internal static void Encode(CompactWriter writer, ReplicationMessage message)
    {
        switch (message)
        {
            case SyncMessage sync:
                EncodeSync(writer, sync);
                break;
            case RequestMessage request:
                RequestCodec.Encode(writer, request);
                break;
            case CancelMessage cancel:
                writer.UInt((ulong)cancel.Request);
                break;
            case DataMessage answer:
                DataCodec.Encode(writer, answer);
                break;
            case NoDataMessage noData:
                EncodeNoData(writer, noData);
                break;
            case WantMessage want:
                EncodeWant(writer, want.Start, want.Length, want.Any);
                break;
            case UnwantMessage unwant:
                EncodeWant(writer, unwant.Start, unwant.Length, unwant.Any);
                break;
            case BitfieldMessage bitfield:
                writer.UInt((ulong)bitfield.Start).UInt((ulong)bitfield.Bits.Length / 4).Raw(bitfield.Bits.Span);
                break;
            case RangeMessage range:
                EncodeRange(writer, range);
                break;
            case ExtensionMessage extension:
                writer.Text(extension.Name).Raw(extension.Payload.Span);
                break;
        }
    }

    /// <summary>False for malformed bytes and for types that do not exist; a block may stay where it is and must not change.</summary>
    public static bool TryDecode(int type, ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ReplicationMessage? message)
    {
        CompactReader reader = new(body.Span);
        message = type switch
        {
            0 => DecodeSync(ref reader),
            1 => RequestCodec.Decode(ref reader),
            2 => reader.TryUInt(out ulong id) ? new CancelMessage((long)id) : null,
            3 => DataCodec.Decode(ref reader, body),
            4 => DecodeNoData(ref reader),
            5 => DecodeWant(ref reader),
            6 => DecodeWant(ref reader) is { } want ? new UnwantMessage(want.Start, want.Length, want.Any) : null,
            7 => DecodeBitfield(ref reader),
            8 => DecodeRange(ref reader),
            9 => reader.TryText(out string name) ? new ExtensionMessage(name, reader.TakeRemaining().ToArray()) : null,
            _ => null,
        };
        return message is not null;
    }

    private static void EncodeSync(CompactWriter writer, SyncMessage sync)
    {
        uint flags = (sync.CanUpgrade ? 1u : 0) | (sync.Uploading ? 2u : 0) | (sync.Downloading ? 4u : 0)
            | (sync.HasManifest ? 8u : 0) | (sync.AllowPush ? 16u : 0);
        writer.UInt(flags).UInt((ulong)sync.Fork).UInt((ulong)sync.Length).UInt((ulong)sync.RemoteLength);
    }

    private static SyncMessage? DecodeSync(ref CompactReader reader)
    {
        bool read = reader.TryUInt(out ulong flags) & reader.TryUInt(out ulong fork)
            & reader.TryUInt(out ulong length) & reader.TryUInt(out ulong remoteLength);
        return read
            ? new SyncMessage(
                (long)fork, (long)length, (long)remoteLength,
                CanUpgrade: (flags & 1) != 0, Uploading: (flags & 2) != 0, Downloading: (flags & 4) != 0,
                HasManifest: (flags & 8) != 0, AllowPush: (flags & 16) != 0)
            : null;
    }

    private static void EncodeNoData(CompactWriter writer, NoDataMessage noData)
    {
        writer.UInt((ulong)noData.Request);
        if (noData.Reason is not { } reason)
            return;
        writer.UInt(reason == NoDataReason.Unknown ? 0u : 1u);
        if (reason != NoDataReason.Unknown)
            writer.UInt((ulong)reason);
    }

    private static NoDataMessage? DecodeNoData(ref CompactReader reader)
    {
        if (!reader.TryUInt(out ulong request))
            return null;
        if (reader.AtEnd || !reader.TryUInt(out ulong flags))
            return new NoDataMessage((long)request);
        if ((flags & 1) == 0 || !reader.TryUInt(out ulong reason) || reason > (ulong)NoDataReason.InvalidRequest)
            return new NoDataMessage((long)request, NoDataReason.Unknown);
        return new NoDataMessage((long)request, (NoDataReason)reason);
    }

    private static void EncodeWant(CompactWriter writer, long start, long length, bool any)
    {
        writer.UInt((ulong)start).UInt((ulong)length);
        if (any)
            writer.UInt(1u);
    }

    private static WantMessage? DecodeWant(ref CompactReader reader)
    {
        if (!reader.TryUInt(out ulong start) || !reader.TryUInt(out ulong length))
            return null;
        bool any = !reader.AtEnd && reader.TryUInt(out ulong flags) && (flags & 1) != 0;
        return new WantMessage((long)start, (long)length, any);
    }

    private static BitfieldMessage? DecodeBitfield(ref CompactReader reader)
    {
        if (!reader.TryUInt(out ulong start) || !reader.TryUInt(out ulong words) || words > (ulong)(reader.RemainingLength / 4))
            return null;
        return reader.TryRaw((int)words * 4, out ReadOnlySpan<byte> bits) ? new BitfieldMessage((long)start, bits.ToArray()) : null;
    }

    private static void EncodeRange(CompactWriter writer, RangeMessage range)
    {
        writer.UInt((range.Drop ? 1u : 0) | (range.Length == 1 ? 2u : 0)).UInt((ulong)range.Start);
        if (range.Length != 1)
            writer.UInt((ulong)range.Length);
    }

    private static RangeMessage? DecodeRange(ref CompactReader reader)
    {
        if (!reader.TryUInt(out ulong flags) || !reader.TryUInt(out ulong start))
            return null;
        ulong length = 1;
        if ((flags & 2) == 0 && !reader.TryUInt(out length))
            return null;
        return new RangeMessage((long)start, (long)length, (flags & 1) != 0);
    }
}
