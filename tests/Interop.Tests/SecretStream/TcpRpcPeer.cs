using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Hyper.Protocol.Protomux;
using Hyper.Protocol.Protomux.Rpc;
using Hyper.Protocol.SecretStream.Framing;

namespace AuctionActors.Interop.Tests.SecretStream;

/// <summary>Secret stream, multiplexer and RPC machines over one accepted TCP connection, pumped by the test's own thread.</summary>
internal sealed class TcpRpcPeer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly TcpClient _client;
    private readonly SecretStreamMachine _stream;
    private readonly byte[] _buffer = new byte[65536];
    private readonly Queue<IReadOnlyList<ReadOnlyMemory<byte>>> _received = [];
    private bool _remoteEnded;

    internal TcpRpcPeer(TcpListener listener, Func<TimeSpan, SecretStreamMachine> create)
    {
        _client = listener.AcceptTcpClient();
        _stream = create(_clock.Elapsed);
    }

    internal ProtomuxMachine Mux { get; } = new(new ProtomuxOptions());

    internal RpcMachine Rpc { get; } = new(new RpcOptions());

    internal int RpcChannel { get; private set; }

    internal List<SecretStreamEffect> StreamEffects { get; } = [];

    internal List<ProtomuxEffect> MuxEffects { get; } = [];

    internal List<RpcEffect> RpcEffects { get; } = [];

    internal TimeSpan Now => _clock.Elapsed;

    internal static TcpListener Listen()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    internal void OpenRpc(ReadOnlyMemory<byte> id)
    {
        Assert.True(Mux.TryOpenChannel(new ChannelRequest(RpcMachine.DefaultProtocol, id, RpcMachine.MessageCount), out int channel));
        RpcChannel = channel;
    }

    /// <summary>Calls a method of the remote and waits for the outcome.</summary>
    internal RpcEffect Call(string method, ReadOnlySpan<byte> value)
    {
        Assert.True(Rpc.TryRequest(new RpcMethod(method), value.ToArray(), Patience, Now, out ulong id));
        return PumpUntil(() => RpcEffects.FirstOrDefault(effect => effect is RpcEffect.ResponseReceived answer && answer.RequestId == id
            || effect is RpcEffect.RequestFailed failed && failed.RequestId == id))!;
    }

    /// <summary>Carries bytes until the condition gives something.</summary>
    internal T? PumpUntil<T>(Func<T?> condition)
        where T : class
    {
        TimeSpan deadline = Now + Patience;
        while (true)
        {
            Perform();
            if (condition() is { } found)
                return found;
            Assert.True(Now < deadline, "the remote did not answer in time");
            Receive();
        }
    }

    /// <summary>Puts bytes into the stream beside the machine.</summary>
    internal void SendRaw(byte[] bytes) => _client.Client.Send(bytes);

    public void Dispose() => _client.Dispose();

    // Messages wait for the next turn: whoever waits for the stream to open must be able to open a channel before the remote's request for it.
    private void Receive()
    {
        if (_received.TryDequeue(out IReadOnlyList<ReadOnlyMemory<byte>>? messages))
        {
            Deliver(messages);
            return;
        }

        if (_remoteEnded || !_client.Client.Poll(10_000, SelectMode.SelectRead))
            return;
        int count = _client.Client.Receive(_buffer);
        if (count > 0)
        {
            _stream.HandleBytes(_buffer.AsSpan(0, count), Now);
            return;
        }

        _remoteEnded = true;
        _stream.HandleEnd();
    }

    private void Deliver(IReadOnlyList<ReadOnlyMemory<byte>> messages)
    {
        Mux.Cork();
        foreach (ReadOnlyMemory<byte> message in messages)
            Mux.HandleMessage(message);
        Mux.Uncork();
    }

    private void Perform()
    {
        bool any = true;
        while (any)
        {
            any = false;
            while (Rpc.TryTake(out RpcEffect? effect))
                (any, _) = (true, Perform(effect));
            while (Mux.TryTake(out ProtomuxEffect? effect))
                (any, _) = (true, Perform(effect));
            while (_stream.TryTake(out SecretStreamEffect? effect))
                (any, _) = (true, Perform(effect));
        }
    }

    private bool Perform(RpcEffect effect)
    {
        RpcEffects.Add(effect);
        if (effect is RpcEffect.Send send)
            return Mux.Send(RpcChannel, send.Type, send.Head.Span, send.Value.Span);
        if (effect is RpcEffect.RequestReceived request)
            Rpc.Reply(request.Token, request.Value);
        return true;
    }

    private bool Perform(ProtomuxEffect effect)
    {
        MuxEffects.Add(effect);
        if (effect is ProtomuxEffect.Transmit transmit)
            return _stream.Write(transmit.Message.Span, Now);
        if (effect is ProtomuxEffect.MessageReceived message && message.Channel == RpcChannel)
            Rpc.HandleMessage(message.Type, message.Payload);
        return true;
    }

    private bool Perform(SecretStreamEffect effect)
    {
        StreamEffects.Add(effect);
        switch (effect)
        {
            case SecretStreamEffect.Transmit transmit:
                _client.Client.Send(transmit.Bytes.Span);
                break;
            case SecretStreamEffect.MessagesReceived received:
                _received.Enqueue(received.Messages);
                break;
            case SecretStreamEffect.RemoteEnded:
                _stream.Finish();
                break;
            case SecretStreamEffect.FinishTransmission:
                _client.Client.Shutdown(SocketShutdown.Send);
                break;
            default:
                break;
        }

        return true;
    }
}
