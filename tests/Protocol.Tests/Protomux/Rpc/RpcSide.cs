using Hyper.Protocol.Protomux;
using Hyper.Protocol.Protomux.Rpc;

namespace AuctionActors.Protocol.Tests.Protomux.Rpc;

/// <summary>An RPC machine on one channel of one of two joined multiplexers.</summary>
internal sealed class RpcSide(MuxSide mux, RpcOptions? options = null)
{
    private readonly List<RpcEffect> _effects = [];
    private int _handled;
    private int _channel;

    internal RpcMachine Machine { get; } = new(options ?? new RpcOptions());

    internal TimeSpan Now { get; set; }

    /// <summary>Answers the remote's calls; null leaves them unanswered.</summary>
    internal Action<RpcMachine, RpcEffect.RequestReceived>? Handler { get; set; }

    internal string? StreamFault => Seen<RpcEffect.Faulted>().SingleOrDefault()?.Reason;

    internal IEnumerable<T> Seen<T>() => _effects.OfType<T>();

    internal IEnumerable<string> Answers => Seen<RpcEffect.ResponseReceived>().Select(answer => Convert.ToHexStringLower(answer.Value.Span));

    internal IEnumerable<string> Errors => Seen<RpcEffect.RequestFailed>().Select(failed => failed.Error.ToString());

    internal void Open(string protocol = RpcMachine.DefaultProtocol, string idHex = "", string handshakeHex = "")
    {
        ChannelRequest request = new(protocol, Convert.FromHexString(idHex), RpcMachine.MessageCount) { Handshake = Convert.FromHexString(handshakeHex) };
        Assert.True(mux.Machine.TryOpenChannel(request, out _channel));
    }

    internal ulong Request(string method, string value, RpcValueEncoding encoding = RpcValueEncoding.Buffer, TimeSpan? timeout = null)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(value);
        Assert.True(Machine.TryRequest(new RpcMethod(method, encoding, encoding), bytes, timeout, Now, out ulong id));
        Perform();
        return id;
    }

    internal void Offer(params string[] methods)
    {
        foreach (string method in methods)
            Machine.AddMethod(new RpcMethod(method));
    }

    /// <summary>Moves what the multiplexer received into the machine, and what the machine wants into the multiplexer.</summary>
    internal bool Perform()
    {
        ProtomuxEffect[] received = [.. mux.Seen<ProtomuxEffect>().Skip(_handled)];
        _handled += received.Length;
        foreach (ProtomuxEffect effect in received)
        {
            if (effect is ProtomuxEffect.MessageReceived message && message.Channel == _channel)
                Machine.HandleMessage(message.Type, message.Payload);
            else if (effect is ProtomuxEffect.ChannelClosed closed && closed.Channel == _channel)
                Machine.HandleClosed();
        }

        bool any = received.Length > 0;
        while (Machine.TryTake(out RpcEffect? effect))
        {
            any = true;
            _effects.Add(effect);
            Perform(effect);
        }

        return any;
    }

    private void Perform(RpcEffect effect)
    {
        switch (effect)
        {
            case RpcEffect.Send send:
                mux.Machine.Send(_channel, send.Type, send.Head.Span, send.Value.Span);
                break;
            case RpcEffect.CloseChannel:
                mux.Machine.Close(_channel);
                break;
            case RpcEffect.RequestReceived request:
                Handler?.Invoke(Machine, request);
                break;
            default:
                break;
        }
    }
}

internal sealed class RpcPair
{
    private readonly MuxPair _mux = new();

    internal RpcPair(RpcOptions? options = null)
    {
        A = new RpcSide(_mux.A, options);
        B = new RpcSide(_mux.B, options);
    }

    internal RpcSide A { get; }

    internal RpcSide B { get; }

    internal MuxPair Mux => _mux;

    internal static RpcPair Opened(RpcOptions? options = null)
    {
        RpcPair pair = new(options);
        pair.A.Open();
        pair.B.Open();
        pair.B.Offer("echo", "slow");
        pair.B.Handler = (machine, request) =>
        {
            if (request.Method == "echo")
                machine.Reply(request.Token, request.Value);
        };
        pair.Run();
        return pair;
    }

    internal void Run()
    {
        bool any = true;
        while (any)
        {
            _mux.Run();
            any = A.Perform() | B.Perform();
        }
    }
}
