#pragma once

#include <boost/property_tree/ptree.hpp>
#include <functional>
#include <string>
#include <string_view>

// XML as a tree. Boost keeps an element's attributes below a child named "<xmlattr>".
namespace gyre::xml {

using Tree = boost::property_tree::ptree;

// Throws Error naming `where` and the line.
Tree parse(const std::string& text, const std::string& where);
std::string text_of(const Tree& document);

std::string attribute(const Tree& element, const std::string& name);  // "": there is none
void set_attribute(Tree& element, const std::string& name, const std::string& value);
void remove_attribute(Tree& element, const std::string& name);

// The first child element of that name; null for none. child() makes one at the end.
Tree* find_child(Tree& element, std::string_view name);
const Tree* find_child(const Tree& element, std::string_view name);
Tree& child(Tree& element, const std::string& name);

// Calls `visit(name, element)` for each element below `element`, in the document's order, outer
// ones first.
void each_below(Tree& element, const std::function<void(const std::string&, Tree&)>& visit);

}  // namespace gyre::xml
