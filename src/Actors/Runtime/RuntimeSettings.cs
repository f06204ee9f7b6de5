using Akka.Configuration;
using Hyper.Actors.Runtime.Events;

namespace Hyper.Actors.Runtime;

/// <summary>Akka settings that both backends share.</summary>
public static class RuntimeSettings
{
    public static Config Common { get; } = ConfigurationFactory.ParseString($$"""
        akka {
          loggers = []
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          actor.default-mailbox.mailbox-type = "{{typeof(CausalMailbox).AssemblyQualifiedName}}"
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          coordinated-shutdown.run-by-actor-system-terminate = off
        }
        """);
}
