using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Strata.ServiceDefaults.Settings.Core;
using Strata.Streaming;
using Strata.Streaming.Consuming;

namespace Strata.ServiceDefaults.Settings;

/// <summary>
/// All options of a host, found among its registrations: whatever is bound to a section of ours is held against the configuration as a
/// whole, so that a start that fails says everything that is wrong.
/// </summary>
internal sealed class HostSettings
{
    /// <summary>librdkafka's own settings, by its names.</summary>
    private static readonly string[] Foreign = ["Streaming:Client", "Streaming:Consumer", "Streaming:Producer"];

    private static readonly MethodInfo Making = Own(nameof(Make));
    private static readonly MethodInfo Ruling = Own(nameof(Broken));

    private readonly IServiceProvider _provider;
    private readonly IConfiguration _configuration;
    private readonly IReadOnlyList<Part> _parts;
    private readonly string[] _free;

    public HostSettings(
        Registrations registrations,
        IServiceProvider provider,
        IConfiguration configuration,
        IEnumerable<ConsumerSection> consumers,
        IEnumerable<FreeSection> free)
    {
        (_provider, _configuration, _free) = (provider, configuration, [.. Foreign, .. free.Select(section => section.Path)]);
        _parts =
        [
            .. OptionsOf(registrations.Services).Where(type => type != typeof(StreamConsumerOptions))
                .Select(type => new Part(SectionOf(type)!, type, Options.DefaultName)),
            .. consumers.Select(consumer => new Part(consumer.Path, typeof(StreamConsumerOptions), consumer.Name)),
        ];
    }

    /// <summary>Everything that is wrong, by section.</summary>
    public IReadOnlyList<SettingFault> Faults()
    {
        var known = new KnownSettings();
        known.AddOpen(ConsumerSection.Parent);
        known.Add(StreamConsumerOptions.SectionName, typeof(StreamConsumerOptions));
        Array.ForEach(_free, known.AddFree);
        foreach (var part in _parts)
        {
            known.Add(part.Section, part.Type);
        }

        var faults = Mended(known.FaultsIn(_configuration));
        faults.AddRange(Mended(_parts.SelectMany(part => SettingBounds.FaultsIn(Of(part), part.Section))));
        faults.AddRange(_parts.SelectMany(Rules));
        return [.. faults.DistinctBy(fault => fault.Text).OrderBy(fault => fault.Key, StringComparer.Ordinal)];
    }

    /// <summary>Every setting in force; of a consumer what it has apart from all.</summary>
    public IReadOnlyList<SettingInForce> InForce()
        => [.. _parts.SelectMany(part => Values(part.Section, Of(part)))
            .Concat(_free.SelectMany(section => _configuration.GetSection(section).AsEnumerable())
                .Where(setting => setting.Value is not null)
                .Select(setting => new SettingInForce(setting.Key, SecretText.Of(setting.Key, setting.Value), Source(setting.Key)!)))
            .OrderBy(setting => setting.Key, StringComparer.Ordinal)];

    private static string? SectionOf(Type type)
        => type.GetField("SectionName", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string;

    private static IEnumerable<Type> OptionsOf(IEnumerable<ServiceDescriptor> services)
        => services.Select(service => service.ServiceType)
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IConfigureOptions<>))
            .Select(type => type.GenericTypeArguments[0])
            .Where(type => SectionOf(type) is not null)
            .Distinct();

    private static MethodInfo Own(string name)
        => typeof(HostSettings).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Instance)!;

    private object Of(Part part) => Making.MakeGenericMethod(part.Type).Invoke(this, [part.Name])!;

    /// <summary>Puts the default where a value is none, so that what depends on it is looked at too; nothing starts any more.</summary>
    private List<SettingFault> Mended(IEnumerable<SettingFault> found)
    {
        var faults = found.ToList();
        foreach (var fault in faults.Where(fault => fault.Default is not null))
        {
            _configuration[fault.Key] = fault.Default;
        }

        return faults;
    }

    private List<SettingFault> Rules(Part part)
    {
        try
        {
            var broken = (IReadOnlyList<string>)Ruling.MakeGenericMethod(part.Type).Invoke(this, [part.Name, Of(part)])!;
            return
            [
                .. broken.Select(text => new SettingFault(
                    part.Section, text.Contains(part.Section, StringComparison.Ordinal) ? text : $"{part.Section}: {text}")),
            ];
        }
        catch (TargetInvocationException fault) when (fault.InnerException is OptionsValidationException)
        {
            return []; // it rests on other options, whose faults are said with their own section
        }
    }

    /// <summary>Made as the host makes it, without the rules that would end it at the first fault.</summary>
    private T Make<T>(string name)
        where T : class, new()
    {
        var options = new T();
        foreach (var configure in _provider.GetServices<IConfigureOptions<T>>())
        {
            if (configure is IConfigureNamedOptions<T> named)
            {
                named.Configure(name, options);
            }
            else if (name == Options.DefaultName)
            {
                configure.Configure(options);
            }
        }

        foreach (var configure in _provider.GetServices<IPostConfigureOptions<T>>())
        {
            configure.PostConfigure(name, options);
        }

        return options;
    }

    /// <summary>What the rules across fields say; those of annotations are said with their keys.</summary>
    private List<string> Broken<T>(string name, T options)
        where T : class
        => [.. _provider.GetServices<IValidateOptions<T>>()
            .Where(rules => !rules.GetType().IsDefined(typeof(OptionsValidatorAttribute)))
            .Select(rules => rules.Validate(name, options))
            .Where(result => result.Failed)
            .SelectMany(result => result.Failures ?? [])];

    private IEnumerable<SettingInForce> Values(string section, object options)
    {
        var usual = Activator.CreateInstance(options.GetType())!;
        foreach (var property in options.GetType().GetProperties().Where(p => p.CanRead && p.GetIndexParameters().Length == 0))
        {
            var (key, value) = ($"{section}:{property.Name}", property.GetValue(options));
            if (KnownSettings.IsScalar(property.PropertyType))
            {
                var text = KnownSettings.TextOf(value);
                var from = Source(key) ?? (text == KnownSettings.TextOf(property.GetValue(usual)) ? "default" : "code");
                yield return new(key, SecretText.Of(key, text), from);
            }
            else if (value is System.Collections.IEnumerable list)
            {
                yield return new(key, string.Join(", ", list.Cast<object>()), Source(key) ?? "default");
            }
            else if (value is not null)
            {
                foreach (var setting in Values(key, value))
                {
                    yield return setting;
                }
            }
        }
    }

    /// <summary>Who says it last; null: nobody. Of a consumer also the section of all of them.</summary>
    private string? Source(string key)
    {
        var parts = key.Split(':');
        var keys = key.StartsWith(ConsumerSection.Parent + ":", StringComparison.OrdinalIgnoreCase)
            ? new[] { key, $"{StreamConsumerOptions.SectionName}:{parts[^1]}" }
            : [key];
        return keys.Select(name => ((IConfigurationRoot)_configuration).Providers.Reverse()
            .FirstOrDefault(provider => provider.TryGet(name, out _) || provider.GetChildKeys([], name).Any()))
            .FirstOrDefault(provider => provider is not null)?.ToString() switch
        {
            null => null,
            var json when json.Contains('\'', StringComparison.Ordinal) => json.Split('\'')[1],
            var other => other.Split("ConfigurationProvider")[0] switch
            {
                "EnvironmentVariables" => "environment",
                "CommandLine" => "command line",
                "Memory" => "code",
                var name => name,
            },
        };
    }

    /// <summary>What is registered with the host.</summary>
    internal sealed record Registrations(IServiceCollection Services);

    private sealed record Part(string Section, Type Type, string Name);
}
