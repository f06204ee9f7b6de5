using Akka.Actor;

namespace Hyper.Actors.Runtime.Events;

/// <summary>Between names people use (<c>Client#1</c>) and what an actor path allows.</summary>
public static class ActorNames
{
    /// <summary>The path segment under which peers stand: <c>/user/…/peers/&lt;name&gt;</c>.</summary>
    public const string Peers = "peers";

    public static string Escape(string name) => Uri.EscapeDataString(name);

    /// <summary>Path segments joined by slashes, the same in every process: no address, no incarnation number.</summary>
    public static string Label(ActorPath path) => string.Join('/', path.Elements.Select(Uri.UnescapeDataString));

    /// <summary>The peer an actor belongs to, or null.</summary>
    public static string? PeerOf(ActorPath path)
    {
        bool next = false;
        foreach (string element in path.Elements)
        {
            if (next)
                return Uri.UnescapeDataString(element);
            next = element == Peers;
        }

        return null;
    }
}
