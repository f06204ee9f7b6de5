using Akka.Actor;
using Akka.Actor.Setup;
using Hyper.Actors.Runtime.Events;

namespace Hyper.Actors.Runtime;

/// <summary>What mailboxes and schedulers need, given when the actor system is made.</summary>
public sealed class RuntimeSetup(IEventRecorder events) : Setup
{
    public IEventRecorder Events { get; } = events;

    /// <summary>The recorder of a system, one that keeps nothing when none was given.</summary>
    public static IEventRecorder EventsOf(ActorSystem system)
        => system.Settings.Setup.Get<RuntimeSetup>() is { HasValue: true } setup ? setup.Value.Events : NullEventRecorder.Instance;
}
