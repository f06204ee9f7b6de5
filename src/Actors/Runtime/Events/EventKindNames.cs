using System.Text;

namespace Hyper.Actors.Runtime.Events;

/// <summary>Event kinds as people write them: <c>net.send</c>, <c>auction.bid.accepted</c>.</summary>
public static class EventKindNames
{
    private static readonly Dictionary<EventKind, string> Names = Enum.GetValues<EventKind>().ToDictionary(kind => kind, Spell);

    public static string Name(this EventKind kind) => Names.TryGetValue(kind, out string? name) ? name : $"kind.{(ushort)kind}";

    /// <summary>Every name, in the order of the numbers.</summary>
    public static IEnumerable<string> All => Names.Values;

    private static string Spell(EventKind kind) => kind switch
    {
        EventKind.NetReceive => "net.recv",
        EventKind.ConnectionOpen => "conn.open",
        EventKind.ConnectionHandshake => "conn.handshake",
        EventKind.ConnectionClose => "conn.close",
        EventKind.RpcRequest => "rpc.req",
        EventKind.RpcResponse => "rpc.resp",
        EventKind.ActorDeadLetter => "actor.deadletter",
        EventKind.ActorReceive => "actor.recv",
        EventKind.PropertyCheck => "prop.check",
        EventKind.PropertyViolated => "prop.violated",
        EventKind.PropertySometimes => "prop.sometimes",
        _ => Dotted(kind.ToString()),
    };

    private static string Dotted(string name)
    {
        var text = new StringBuilder();
        foreach (char letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
                text.Append('.');
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
