using System.Text;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Protomux;

namespace AuctionActors.Protocol.Tests.Protomux;

/// <summary>One of two multiplexers that are joined message by message.</summary>
internal sealed class MuxSide(ProtomuxOptions? options = null)
{
    private readonly List<ProtomuxEffect> _effects = [];

    internal ProtomuxMachine Machine { get; } = new(options ?? new ProtomuxOptions());

    internal List<string> Wire { get; } = [];

    internal IEnumerable<string> Texts => _effects.OfType<ProtomuxEffect.MessageReceived>().Where(message => message.Type == 0).Select(message =>
    {
        CompactReader reader = new(message.Payload.Span);
        return reader.TryText(out string text) ? text : "?";
    });

    internal IEnumerable<T> Seen<T>() => _effects.OfType<T>();

    internal string? Fault => _effects.OfType<ProtomuxEffect.StreamFaulted>().SingleOrDefault()?.Reason;

    internal int Open(string protocol, string idHex, int messageCount = 2, string handshake = "", string[]? aliases = null, bool unique = true)
    {
        ChannelRequest request = new(protocol, Convert.FromHexString(idHex), messageCount)
        {
            Handshake = Encoding.UTF8.GetBytes(handshake),
            Aliases = aliases ?? [],
            IsUnique = unique,
        };
        return Machine.TryOpenChannel(request, out int channel) ? channel : 0;
    }

    internal void Say(int channel, string text, int type = 0) => Assert.True(Machine.Send(channel, type, new CompactWriter().Text(text).Written));

    /// <summary>Reads the next piece of a large message; false when there is none.</summary>
    internal bool ReadOn()
    {
        bool hadUnread = Machine.HasUnread;
        Machine.ReadOn();
        return hadUnread;
    }

    /// <summary>Performs what the machine asks and answers the messages it sent.</summary>
    internal List<ReadOnlyMemory<byte>> Drain()
    {
        List<ReadOnlyMemory<byte>> sent = [];
        while (Machine.TryTake(out ProtomuxEffect? effect))
        {
            _effects.Add(effect);
            if (effect is ProtomuxEffect.Transmit transmit)
            {
                sent.Add(transmit.Message);
                Wire.Add(Convert.ToHexStringLower(transmit.Message.Span));
            }
        }

        return sent;
    }
}

internal sealed class MuxPair
{
    internal MuxSide A { get; init; } = new();

    internal MuxSide B { get; init; } = new();

    internal void Run()
    {
        while (Carry(A, B) | Carry(B, A) | A.ReadOn() | B.ReadOn())
        {
        }
    }

    /// <summary>Hands bytes to B as if A had sent them.</summary>
    internal void Inject(string hex)
    {
        A.Wire.Add(hex);
        B.Machine.HandleMessage(Convert.FromHexString(hex));
        Run();
    }

    private static bool Carry(MuxSide from, MuxSide to)
    {
        List<ReadOnlyMemory<byte>> sent = from.Drain();
        foreach (ReadOnlyMemory<byte> message in sent)
            to.Machine.HandleMessage(message);
        return sent.Count > 0;
    }
}
