using System.ComponentModel;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Strata.ServiceDefaults.Settings.Core;

/// <summary>
/// Every setting that a process knows, as a tree of sections, and what in a configuration is none of them or cannot be read.
/// </summary>
internal sealed class KnownSettings
{
    private readonly Node _root = new() { IsOpen = true };

    /// <summary>The options of a type, under a section.</summary>
    public void Add(string section, Type options) => AddProperties(At(section), options);

    /// <summary>A section whose keys are handed on unread.</summary>
    public void AddFree(string section) => At(section).IsFree = true;

    /// <summary>
    /// A section under which other processes that share the configuration have names too: only a near miss is a fault there.
    /// </summary>
    public void AddOpen(string section) => At(section).IsOpen = true;

    /// <summary>Keys that are unknown, values that are none of their type.</summary>
    public IEnumerable<SettingFault> FaultsIn(IConfiguration configuration) => Walk(_root, configuration, "");

    /// <summary>Whether a property's value is one text in a configuration.</summary>
    public static bool IsScalar(Type type) => TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    /// <summary>A value as a configuration writes it.</summary>
    public static string TextOf(object? value)
        => value is null ? ""
            : value is bool flag ? (flag ? "true" : "false")
            : TypeDescriptor.GetConverter(value).ConvertToInvariantString(value) ?? "";

    private IEnumerable<SettingFault> Walk(Node node, IConfiguration section, string path)
    {
        foreach (var child in section.GetChildren())
        {
            var key = path.Length == 0 ? child.Key : $"{path}:{child.Key}";
            if (node.Children.TryGetValue(child.Key, out var known))
            {
                var faults = known.Scalar is { } type && child.Value is { } value && !CanRead(type, value)
                    ? [new SettingFault(
                        known.Path, $"{known.Path} = {SecretText.Of(key, value)} cannot be read: {Wanted(type)}", TextOf(known.Default))]
                    : Walk(known, child, known.Path);
                foreach (var fault in faults)
                {
                    yield return fault;
                }
            }
            else if (Unknown(node, child, key) is { } fault)
            {
                yield return fault;
            }
        }
    }

    private SettingFault? Unknown(Node node, IConfigurationSection child, string key)
    {
        if (node.IsFree || (node == _root && !child.GetChildren().Any()) || (node.IsList && int.TryParse(child.Key, out _)))
        {
            return null;
        }

        var elsewhere = node.IsOpen
            ? null
            : All(_root).FirstOrDefault(other => other.Path.EndsWith(":" + child.Key, StringComparison.OrdinalIgnoreCase))?.Path;
        var meant = elsewhere ?? NearestName.Of(child.Key, node.Children.Keys);
        return (meant, node.IsOpen) switch
        {
            (null, true) => null,
            (null, false) => new(
                key,
                node.Children.Count == 0
                    ? $"{key} is no setting: nothing stands under {node.Path}"
                    : $"{key} is no setting: there are {string.Join(", ", node.Children.Keys.Order(StringComparer.Ordinal))}"),
            _ => new(key, $"{key} is no setting: did you mean {meant}?"),
        };
    }

    private static IEnumerable<Node> All(Node node) => node.Children.Values.SelectMany(child => All(child).Prepend(child));

    private Node At(string section)
        => section.Split(':').Aggregate(_root, (node, name) => node.Child(name));

    private static void AddProperties(Node node, Type options)
    {
        foreach (var property in options.GetProperties().Where(p => p.CanWrite && p.GetIndexParameters().Length == 0))
        {
            var child = node.Child(property.Name);
            if (IsScalar(property.PropertyType))
            {
                child.Scalar = property.PropertyType;
                child.Default = property.GetValue(Activator.CreateInstance(options));
            }
            else if (typeof(System.Collections.IEnumerable).IsAssignableFrom(property.PropertyType))
            {
                child.IsList = true;
            }
            else
            {
                AddProperties(child, property.PropertyType);
            }
        }
    }

    private static bool CanRead(Type type, string value)
    {
        if (value.Length == 0 && (type == typeof(string) || Nullable.GetUnderlyingType(type) is not null || !type.IsValueType))
        {
            return true;
        }

        try
        {
            TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value);
            return true;
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            return false; // which is the answer
        }
    }

    private static string Wanted(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { IsEnum: true } names => $"write one of {string.Join(", ", Enum.GetNames(names))}",
        var t when t == typeof(bool) => "write true or false",
        var t when t == typeof(TimeSpan) => "write a time such as 00:00:10 or 7.00:00:00",
        var t when t == typeof(DateTimeOffset) || t == typeof(DateTime) => "write a date such as 2000-01-31T00:00:00Z",
        var t when t == typeof(int) || t == typeof(long) || t == typeof(uint) || t == typeof(ulong) => "write a whole number in its range",
        var t when t == typeof(double) || t == typeof(float) || t == typeof(decimal) => "write a number such as 0.5",
        var t => string.Create(CultureInfo.InvariantCulture, $"write a {t.Name}"),
    };

    private sealed class Node
    {
        public string Path { get; private init; } = "";

        public Dictionary<string, Node> Children { get; } = new(StringComparer.OrdinalIgnoreCase);

        public Type? Scalar { get; set; }

        public object? Default { get; set; }

        public bool IsList { get; set; }

        public bool IsFree { get; set; }

        public bool IsOpen { get; set; }

        public Node Child(string name)
        {
            if (!Children.TryGetValue(name, out var child))
            {
                child = Children[name] = new Node { Path = Path.Length == 0 ? name : $"{Path}:{name}" };
            }

            return child;
        }
    }
}
