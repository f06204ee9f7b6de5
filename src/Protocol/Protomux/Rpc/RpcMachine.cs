using System.Text;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Protomux.Rpc;

/// <summary>Requests, responses and events over one channel; both sides may call and answer.</summary>
public sealed class RpcMachine(RpcOptions options)
{
    /// <summary>The channel's name unless another was agreed.</summary>
    public const string DefaultProtocol = "protomux-rpc";

    /// <summary>Message types of the channel.</summary>
    public const int MessageCount = RpcCodec.MessageCount;

    /// <summary>The largest argument or result.</summary>
    public const int MaxValueLength = ProtomuxMachine.MaxPayloadLength - 4096;

    private readonly Queue<RpcEffect> _effects = new();
    private readonly RpcHeads _heads = new();
    private readonly OutstandingRequests _outstanding = new();
    private readonly Dictionary<string, RpcMethod> _methods = [];
    private readonly Dictionary<long, (ulong Id, RpcValueEncoding Encoding)> _responding = [];
    private ulong _lastRequestId;
    private long _lastToken;
    private bool _isEnding;

    /// <summary>Set once the channel is gone: nothing more goes in or out.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Calls of this side that wait for an answer.</summary>
    public int OutstandingRequestCount => _outstanding.Count;

    /// <summary>Calls of the remote that have not been answered.</summary>
    public int PendingResponseCount => _responding.Count;

    public TimeSpan? NextDeadline => _outstanding.NextDeadline;

    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RpcEffect? effect) => _effects.TryDequeue(out effect);

    /// <summary>Offers a method to the remote; a method offered before is replaced.</summary>
    public void AddMethod(RpcMethod method) => _methods[method.Name] = method;

    public void RemoveMethod(string name) => _methods.Remove(name);

    /// <summary>Calls the remote; false when the channel is closed or too many calls are out. The value is not copied.</summary>
    public bool TryRequest(RpcMethod method, ReadOnlyMemory<byte> value, TimeSpan? timeout, TimeSpan now, out ulong requestId)
    {
        CheckLength(method, value);
        requestId = 0;
        if (IsClosed || _outstanding.Count >= options.MaxOutstandingRequests)
            return false;
        requestId = ++_lastRequestId;
        _outstanding.Add(requestId, new OutstandingRequest(method.ResponseEncoding, now + timeout, timeout));
        SendRequest(requestId, method, value);
        return true;
    }

    /// <summary>Tells the remote something without expecting an answer; false when the channel is closed. The value is not copied.</summary>
    public bool TrySendEvent(RpcMethod method, ReadOnlyMemory<byte> value)
    {
        CheckLength(method, value);
        if (!IsClosed)
            SendRequest(0, method, value);
        return !IsClosed;
    }

    /// <summary>Answers a call of the remote; a token that is not waiting is ignored. The value is not copied.</summary>
    public void Reply(long token, ReadOnlyMemory<byte> value)
    {
        if (!_responding.Remove(token, out (ulong Id, RpcValueEncoding Encoding) call))
            return;
        if (value.Length > MaxValueLength)
            SendError(call.Id, RpcError.UnencodableResponse($"a value holds at most {MaxValueLength} bytes"));
        else
            SendResponse(call.Id, call.Encoding, value);
        EndMaybe();
    }

    /// <summary>Answers a call of the remote with what went wrong in its handler; a token that is not waiting is ignored.</summary>
    public void ReplyError(long token, RpcErrorCause cause) => ReplyError(token, RpcError.RequestFailed(cause));

    /// <summary>Answers a call of the remote with any error; a token that is not waiting is ignored.</summary>
    public void ReplyError(long token, RpcError error)
    {
        if (!_responding.Remove(token, out (ulong Id, RpcValueEncoding Encoding) call))
            return;
        SendError(call.Id, error);
        EndMaybe();
    }

    /// <summary>Closes the channel once every call of either side has been settled.</summary>
    public void End()
    {
        _isEnding = true;
        EndMaybe();
    }

    /// <summary>Closes the channel at once; calls that are out fail.</summary>
    public void Destroy(RpcError? error = null)
    {
        if (IsClosed)
            return;
        Settle(error ?? RpcError.ChannelDestroyed);
        _effects.Enqueue(new RpcEffect.CloseChannel());
    }

    /// <summary>Takes one message of the channel.</summary>
    public void HandleMessage(int type, ReadOnlyMemory<byte> payload)
    {
        if (IsClosed)
            return;
        bool valid = type == RpcCodec.RequestType ? TryHandleRequest(payload) : type != RpcCodec.ResponseType || TryHandleResponse(payload);
        if (!valid)
            _effects.Enqueue(new RpcEffect.Faulted("malformed RPC message"));
    }

    /// <summary>Takes the end of the channel; the error of the stream below becomes the cause of the failed calls.</summary>
    public void HandleClosed(string? streamError = null)
    {
        if (!IsClosed)
            Settle(RpcError.ChannelClosed(streamError));
    }

    /// <summary>Fails the calls whose time is up.</summary>
    public void HandleTimeout(TimeSpan now)
    {
        while (_outstanding.TryTakeExpired(now, out ulong id, out OutstandingRequest request))
            _effects.Enqueue(new RpcEffect.RequestFailed(id, RpcError.TimeoutExceeded(request.Timeout!.Value)));
        EndMaybe();
    }

    private bool TryHandleRequest(ReadOnlyMemory<byte> payload)
    {
        if (!RpcCodec.TryRequest(payload, options.MaxMethodBytes, out ulong id, out string name, out ReadOnlyMemory<byte> encoded))
            return false;
        RpcError? error = null;
        if (!_methods.TryGetValue(name, out RpcMethod? method))
            error = RpcError.UnknownMethod(name);
        else if (!method.RequestEncoding.TryDecode(encoded, out ReadOnlyMemory<byte> value))
            error = RpcError.UndecodableRequest;
        else if (id != 0 && _responding.Count >= options.MaxPendingResponses)
            error = RpcError.RequestFailed(new RpcErrorCause("too many requests"));
        else
            Raise(id, method, value);

        // Events are never answered, not even with an error.
        if (error is not null && id != 0)
            SendError(id, error);
        return true;
    }

    private void Raise(ulong id, RpcMethod method, ReadOnlyMemory<byte> value)
    {
        long token = id == 0 ? 0 : ++_lastToken;
        if (token != 0)
            _responding.Add(token, (id, method.ResponseEncoding));
        _effects.Enqueue(new RpcEffect.RequestReceived(token, id, method.Name, value));
    }

    private bool TryHandleResponse(ReadOnlyMemory<byte> payload)
    {
        if (!RpcCodec.TryResponse(payload, options.MaxErrorTextBytes, out ulong id, out RpcError? error, out ReadOnlyMemory<byte> encoded))
            return false;
        // An answer that nobody waits for is late, not wrong.
        if (!_outstanding.TryRemove(id, out OutstandingRequest request))
            return true;
        if (error is null && !request.ResponseEncoding.TryDecode(encoded, out encoded))
            error = RpcError.UndecodableResponse;
        _effects.Enqueue(error is null ? new RpcEffect.ResponseReceived(id, encoded) : new RpcEffect.RequestFailed(id, error));
        EndMaybe();
        return true;
    }

    private void Settle(RpcError error)
    {
        IsClosed = true;
        _responding.Clear();
        foreach (ulong id in _outstanding.TakeAll())
            _effects.Enqueue(new RpcEffect.RequestFailed(id, error));
    }

    private void EndMaybe()
    {
        if (!_isEnding || IsClosed || _outstanding.Count > 0 || _responding.Count > 0)
            return;
        IsClosed = true;
        _effects.Enqueue(new RpcEffect.CloseChannel());
    }

    private void SendRequest(ulong id, RpcMethod method, ReadOnlyMemory<byte> value)
    {
        _heads.Begin().Request(id, method.Name).Prefix(method.RequestEncoding, value.Length);
        Send(RpcCodec.RequestType, value);
    }

    private void SendResponse(ulong id, RpcValueEncoding encoding, ReadOnlyMemory<byte> value)
    {
        _heads.Begin().Response(id).Prefix(encoding, value.Length);
        Send(RpcCodec.ResponseType, value);
    }

    private void SendError(ulong id, RpcError error)
    {
        _heads.Begin().Response(id, error);
        Send(RpcCodec.ResponseType, default);
    }

    private void Send(int type, ReadOnlyMemory<byte> value) => _effects.Enqueue(new RpcEffect.Send(type, _heads.Take(), value));

    private void CheckLength(RpcMethod method, ReadOnlyMemory<byte> value)
    {
        if (Encoding.UTF8.GetByteCount(method.Name) > options.MaxMethodBytes)
            throw new ArgumentOutOfRangeException(nameof(method), $"a method name holds at most {options.MaxMethodBytes} bytes");
        if (value.Length > MaxValueLength)
            throw new ArgumentOutOfRangeException(nameof(value), $"a value holds at most {MaxValueLength} bytes");
    }
}
