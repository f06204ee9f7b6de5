using System.Diagnostics;
using System.Net.Sockets;
using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux;
using Hyper.Protocol.SecretStream.Framing;
using Hyper.Protocol.SecretStream.Noise;

namespace AuctionActors.Interop.Tests.Replication;

/// <summary>Stands in for a connection: the same channels over a secret stream on TCP, so that JavaScript needs no DHT to reach us.</summary>
internal sealed class TcpConnectionActor : UntypedActor
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly TcpClient _client;
    private readonly Action<IActorRef, NoiseResult> _opened;
    private readonly SecretStreamMachine _stream;
    private readonly ProtomuxMachine _mux = new(new ProtomuxOptions());
    private readonly ConnectionChannels _channels;

    public TcpConnectionActor(TcpClient client, bool initiator, IEntropy entropy, Action<IActorRef, NoiseResult> opened)
    {
        _client = client;
        _opened = opened;
        _channels = new ConnectionChannels(_mux);
        KeyPair pair = KeyPair.Generate(entropy);
        NoiseHandshake handshake = initiator ? NoiseHandshake.InitiateXX(pair, [], entropy) : NoiseHandshake.RespondXX(pair, [], entropy);
        _stream = new SecretStreamMachine(handshake, SecretStreamOptions.Dht, entropy, _clock.Elapsed);
    }

    /// <param name="client">An open TCP connection.</param>
    /// <param name="initiator">Whether this side starts the handshake.</param>
    /// <param name="entropy">Of this connection alone.</param>
    /// <param name="opened">Called once with the connection and its session.</param>
    public static Props Props(TcpClient client, bool initiator, IEntropy entropy, Action<IActorRef, NoiseResult> opened)
        => Akka.Actor.Props.Create(() => new TcpConnectionActor(client, initiator, entropy, opened));

    protected override void PreStart()
    {
        IActorRef self = Self;
        Thread reader = new(() => Read(_client, self)) { IsBackground = true };
        reader.Start();
        Settle();
    }

    protected override void PostStop() => _client.Dispose();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case byte[] { Length: 0 }:
                _mux.HandleStreamClosed();
                Settle();
                Context.Stop(Self);
                return;
            case byte[] bytes:
                _stream.HandleBytes(bytes, _clock.Elapsed);
                break;
            case ConnectionProtocol.OpenChannel open:
                Context.Watch(open.Key.Owner);
                if (!_channels.TryOpen(open.Key, open.Request))
                    open.Key.Owner.Tell(new ConnectionProtocol.ChannelClosed(open.Key, IsRemote: false, IsRejected: true));
                break;
            case ConnectionProtocol.SendMessages send:
                _channels.Send(send.Key, send.Messages);
                break;
            case ConnectionProtocol.CloseChannel close:
                _channels.Close(close.Key);
                break;
            case ConnectionProtocol.ListenChannel listen:
                _channels.Listen(listen.Protocol, listen.Id, listen.Owner);
                break;
            case ConnectionProtocol.DeclineChannel decline:
                _mux.Decline(decline.Protocol, decline.Id);
                break;
            case Terminated terminated:
                _channels.CloseAllOf(terminated.ActorRef);
                break;
            case ConnectionProtocol.Close or ConnectionProtocol.Destroy:
                Context.Stop(Self);
                return;
        }

        Settle();
    }

    private static void Read(TcpClient client, IActorRef self)
    {
        byte[] buffer = new byte[1 << 16];
        for (int count = 1; count > 0;)
        {
            try
            {
                count = client.GetStream().Read(buffer);
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
            {
                count = 0;
            }

            self.Tell(buffer[..count], ActorRefs.NoSender);
        }
    }

    private void Settle()
    {
        for (bool moved = true; moved;)
        {
            moved = false;
            while (_mux.TryTake(out ProtomuxEffect? effect))
                (moved, _) = (true, Perform(effect));
            while (_stream.TryTake(out SecretStreamEffect? effect))
                (moved, _) = (true, Perform(effect));
        }
    }

    private bool Perform(ProtomuxEffect effect)
    {
        switch (effect)
        {
            case ProtomuxEffect.Transmit transmit:
                return _stream.Write(transmit.Message.Span, _clock.Elapsed);
            case ProtomuxEffect.ChannelOpened opened:
                _channels.Deliver(new ConnectionEffect.ChannelOpened(opened.Channel, opened.Handshake));
                break;
            case ProtomuxEffect.MessageReceived message:
                ChannelMessage one = new(message.Type, message.Payload);
                _channels.Deliver(new ConnectionEffect.ChannelMessages(message.Channel, [one]));
                break;
            case ProtomuxEffect.ChannelClosed closed:
                _channels.Deliver(new ConnectionEffect.ChannelClosed(closed.Channel, closed.IsRemote, closed.IsRejected, null));
                break;
            case ProtomuxEffect.PairRequested requested:
                _channels.Deliver(new ConnectionEffect.PairRequested(requested.Protocol, requested.Id));
                break;
        }

        return true;
    }

    private bool Perform(SecretStreamEffect effect)
    {
        switch (effect)
        {
            case SecretStreamEffect.Transmit transmit:
                _client.Client.Send(transmit.Bytes.Span);
                break;
            case SecretStreamEffect.Opened opened:
                _opened(Self, opened.Session);
                break;
            case SecretStreamEffect.MessagesReceived received:
                foreach (ReadOnlyMemory<byte> message in received.Messages)
                    _mux.HandleMessage(message);
                break;
        }

        return true;
    }
}
