using Akka.Actor;

namespace Hyper.Actors.Runtime.Events;

/// <summary>What the running thread is doing and why; mailboxes, timers and completions carry it along.</summary>
public static class CurrentCause
{
    [ThreadStatic]
    private static EventId t_id;

    [ThreadStatic]
    private static ActorPath? t_actor;

    /// <summary>The event that led to what happens now.</summary>
    public static EventId Id
    {
        get => t_id;
        set => t_id = value;
    }

    /// <summary>The actor whose message is being handled, null outside of actors.</summary>
    public static ActorPath? Actor => t_actor;

    /// <summary>Called when an actor takes its next message.</summary>
    public static void Enter(ActorPath? actor, EventId cause)
    {
        t_actor = actor;
        t_id = cause;
    }

    /// <summary>Wraps a callback so that it runs under the present cause.</summary>
    public static Action<T> Keep<T>(Action<T> callback)
    {
        EventId cause = t_id;
        return value =>
        {
            EventId before = t_id;
            t_id = cause;
            callback(value);
            t_id = before;
        };
    }
}
