using Akka.Actor;

namespace Hyper.Actors.Runtime;

/// <summary>Names of actors that begin like a key: short to read, though two keys can be made that begin alike.</summary>
public static class ChildName
{
    /// <summary>The name, with a number behind it while another child has it.</summary>
    public static string Free(IActorContext context, string name)
    {
        string free = name;
        for (int number = 2; !context.Child(free).IsNobody(); number++)
            free = $"{name}-{number}";
        return free;
    }
}
