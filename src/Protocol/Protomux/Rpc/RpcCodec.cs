using System.Text;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Protomux.Rpc;

/// <summary>Requests and responses of protomux-rpc (transport reference 5.1).</summary>
internal static class RpcCodec
{
    internal const int RequestType = 0;
    internal const int ResponseType = 1;
    internal const int MessageCount = 2;

    private const int ErrorFlag = 1;
    private const int CodeFlag = 2;
    private const int CauseFlag = 4;
    private const int ContextFlag = 8;

    internal static CompactWriter Request(this CompactWriter writer, ulong id, string method) => writer.UInt(id).Text(method);

    internal static CompactWriter Response(this CompactWriter writer, ulong id) => writer.UInt8(0).UInt(id);

    internal static CompactWriter Response(this CompactWriter writer, ulong id, RpcError error)
    {
        bool hasContext = !string.IsNullOrEmpty(error.Cause?.Context);
        int flags = ErrorFlag | (error.Code is null ? 0 : CodeFlag) | (error.Cause is null ? 0 : CauseFlag) | (hasContext ? ContextFlag : 0);
        writer.UInt8((byte)flags).UInt(id).Text(error.Message);
        if (error.Code is { } code)
            writer.Text(code);
        if (error.Cause is { } cause)
            writer.Text(cause.Message).Text(cause.Code ?? "");
        return hasContext ? writer.Text(error.Cause!.Context!) : writer;
    }

    internal static bool TryRequest(ReadOnlyMemory<byte> payload, int maxMethodBytes, out ulong id, out string method, out ReadOnlyMemory<byte> value)
    {
        CompactReader reader = new(payload.Span);
        method = "";
        bool read = reader.TryUInt(out id) && TryText(ref reader, maxMethodBytes, out method);
        value = read ? payload[reader.Position..] : default;
        return read;
    }

    internal static bool TryResponse(ReadOnlyMemory<byte> payload, int maxTextBytes, out ulong id, out RpcError? error, out ReadOnlyMemory<byte> value)
    {
        CompactReader reader = new(payload.Span);
        (id, error, value) = (0, null, default);
        if (!reader.TryUInt8(out byte flags) || !reader.TryUInt(out id))
            return false;
        if ((flags & ErrorFlag) != 0)
            return TryError(ref reader, flags, maxTextBytes, out error);
        value = payload[reader.Position..];
        return true;
    }

    private static bool TryError(ref CompactReader reader, int flags, int maxTextBytes, out RpcError? error)
    {
        error = null;
        string? code = null;
        RpcErrorCause? cause = null;
        if (!TryText(ref reader, maxTextBytes, out string message))
            return false;
        if ((flags & CodeFlag) != 0 && !TryText(ref reader, maxTextBytes, out code))
            return false;
        if ((flags & CauseFlag) != 0 && !TryCause(ref reader, flags, maxTextBytes, out cause))
            return false;
        error = new RpcError(code, message, cause);
        return true;
    }

    private static bool TryCause(ref CompactReader reader, int flags, int maxTextBytes, out RpcErrorCause? cause)
    {
        cause = null;
        string context = "";
        if (!TryText(ref reader, maxTextBytes, out string message) || !TryText(ref reader, maxTextBytes, out string code))
            return false;
        if ((flags & ContextFlag) != 0 && !TryText(ref reader, maxTextBytes, out context))
            return false;
        cause = new RpcErrorCause(message, code.Length == 0 ? null : code, context.Length == 0 ? null : context);
        return true;
    }

    private static bool TryText(ref CompactReader reader, int maxBytes, out string text)
    {
        bool read = reader.TryBuffer(out ReadOnlySpan<byte> bytes);
        text = read ? Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, maxBytes)]) : "";
        return read;
    }
}
