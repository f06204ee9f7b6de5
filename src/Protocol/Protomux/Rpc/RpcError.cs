namespace Hyper.Protocol.Protomux.Rpc;

/// <summary>Why a call failed, as it is told on the wire or found out locally.</summary>
/// <param name="Code">One of <see cref="RpcErrorCode"/>, another word of the remote's, or null.</param>
/// <param name="Message">Text without the code in front.</param>
/// <param name="Cause">What the responder's handler reported, or the error of the stream below.</param>
public sealed record RpcError(string? Code, string Message, RpcErrorCause? Cause = null)
{
    /// <summary>The channel went away while the call was out; upstream leaves out the stream's own error.</summary>
    public static RpcError ChannelClosed(string? streamError = null)
        => new(RpcErrorCode.ChannelClosed, "channel closed", streamError is null ? null : new RpcErrorCause(streamError));

    public static RpcError ChannelDestroyed { get; } = new(RpcErrorCode.ChannelDestroyed, "channel destroyed");

    public static RpcError TimeoutExceeded(TimeSpan timeout)
        => new(RpcErrorCode.TimeoutExceeded, FormattableString.Invariant($"timeout of {timeout.TotalMilliseconds}ms exceeded"));

    internal static RpcError UnknownMethod(string method) => new(RpcErrorCode.UnknownMethod, $"Unknown method '{method}'");

    internal static RpcError RequestFailed(RpcErrorCause cause) => new(RpcErrorCode.RequestError, "Request failed", cause);

    internal static RpcError UndecodableRequest { get; } = new(RpcErrorCode.DecodeError, "Could not decode request", new RpcErrorCause("Out of bounds"));

    internal static RpcError UndecodableResponse { get; } = new(RpcErrorCode.DecodeError, "Could not decode response", new RpcErrorCause("Out of bounds"));

    internal static RpcError UnencodableResponse(string reason) => new(RpcErrorCode.EncodeError, "Could not encode response", new RpcErrorCause(reason));

    /// <summary>As JavaScript shows it: code, message, and the cause in parentheses.</summary>
    public override string ToString() => $"{(Code is null ? "" : Code + ": ")}{Message}{(Cause is null ? "" : $" ({Cause.Message})")}";
}

/// <summary>The error behind an error; code and context are optional words.</summary>
public sealed record RpcErrorCause(string Message, string? Code = null, string? Context = null);

/// <summary>The codes that protomux-rpc uses.</summary>
public static class RpcErrorCode
{
    public const string UnknownMethod = "UNKNOWN_METHOD";
    public const string RequestError = "REQUEST_ERROR";
    public const string DecodeError = "DECODE_ERROR";
    public const string EncodeError = "ENCODE_ERROR";
    public const string TimeoutExceeded = "TIMEOUT_EXCEEDED";
    public const string ChannelClosed = "CHANNEL_CLOSED";
    public const string ChannelDestroyed = "CHANNEL_DESTROYED";
    public const string DuplicateChannel = "DUPLICATE_CHANNEL";
}
