using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Strata.Testing;

namespace Strata.Architecture;

/// <summary>
/// An operator reads appsettings.json to learn what can be set: it names every option, with the default that the code has.
/// </summary>
[Trait("height", "unit")]
public sealed class SettingsTests
{
    /// <summary>Sections that are not ours, or that hand their keys on to a client unread.</summary>
    private static readonly string[] Foreign =
        ["Logging", "AllowedHosts", "Streaming:Client", "Streaming:Consumer", "Streaming:Producer", "Streaming:Consumers"];

    /// <summary>Options of shared projects, and the services that have no use for them.</summary>
    private static readonly IReadOnlyDictionary<string, string[]> NotUsed = new Dictionary<string, string[]>
    {
        ["Redis"] = ["Strata.Ingestion"],
        ["Users"] = ["Strata.Ingestion"],
        ["Pseudonyms"] = ["Strata.Featurizer", "Strata.Clustering", "Strata.Optimizer"],
    };

    private static readonly string[] SharedWithOptions = ["Strata.Edge", "Strata.ServiceDefaults", "Strata.Streaming"];

    /// <summary>Service, and the section of one options class.</summary>
    public static TheoryData<string, string> Sections
    {
        get
        {
            var sections = new TheoryData<string, string>();
            foreach (var service in Layout.Services)
            {
                foreach (var section in OptionsOf(service).Keys)
                {
                    sections.Add(service, section);
                }
            }

            return sections;
        }
    }

    public static TheoryData<string> Services => new(Layout.Services);

    [Theory]
    [MemberData(nameof(Sections))]
    public void Section_NamesEveryOptionWithItsDefault(string service, string section)
    {
        var type = OptionsOf(service)[section];
        var file = Read(service);
        if (NotUsed.GetValueOrDefault(section)?.Contains(service) == true)
        {
            return;
        }

        var missing = Keys(type, section).Where(key => !IsThere(file, key)).ToList();
        Assert.True(missing.Count == 0, $"{service}/appsettings.json does not name {string.Join(", ", missing)}");
        var bound = Activator.CreateInstance(type)!;
        file.GetSection(section).Bind(bound);
        Assert.Equal(Describe(Activator.CreateInstance(type)!), Describe(bound));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void File_HasNoKeyThatNothingReads(string service)
    {
        var known = OptionsOf(service).SelectMany(options => Keys(options.Value, options.Key)).ToHashSet(StringComparer.OrdinalIgnoreCase);

        var strays = Read(service).AsEnumerable()
            .Where(pair => pair.Value is not null)
            .Select(pair => pair.Key)
            .Where(key => !Foreign.Any(section => key == section || key.StartsWith(section + ":", StringComparison.Ordinal)))
            .Where(key => !known.Any(option => key.Equals(option, StringComparison.OrdinalIgnoreCase)
                || key.StartsWith(option + ":", StringComparison.OrdinalIgnoreCase)));

        Assert.Empty(strays);
    }

    private static IConfigurationRoot Read(string service)
        => new ConfigurationBuilder().AddJsonFile(Path.Combine(Repository.Root, "services", service, "appsettings.json")).Build();

    /// <summary>Options classes that a service's process has, by their section.</summary>
    internal static Dictionary<string, Type> OptionsOf(string service)
        => SharedWithOptions.Intersect(Layout.ProjectReferences(service)).Append(service).SelectMany(name => Layout.Load(name).GetTypes())
            .Select(type => (
                Type: type,
                Section: type.GetField("SectionName", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string))
            .Where(options => options.Section is not null)
            .ToDictionary(options => options.Section!, options => options.Type);

    private static IEnumerable<string> Keys(Type type, string section)
        => type.GetProperties()
            .Where(property => property.CanWrite && property.GetIndexParameters().Length == 0)
            .Select(property => $"{section}:{property.Name}");

    private static bool IsThere(IConfigurationRoot file, string key)
    {
        var parent = key[..key.LastIndexOf(':')];
        return file.GetSection(parent).GetChildren().Any(child => child.Path.Equals(key, StringComparison.OrdinalIgnoreCase));
    }

    private static string Describe(object options) => JsonSerializer.Serialize(options, options.GetType());
}
